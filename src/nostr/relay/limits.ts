/** Bounds on a relay's traffic. */

/** Relays keep events below a few hundred KiB; a longer frame is not read. */
export const LONGEST_FRAME_BYTES = 4 * 1024 * 1024;

/** A frame must be received even if it is skipped; one longer than this ends the connection. */
export const LONGEST_PASSED_OVER_BYTES = 32 * 1024 * 1024;

/** How many events of one relay may wait to be verified before the relay has to wait. */
export const LARGEST_BACKLOG = 1_000;

/** A backlog that lasts longer than this is a flood. */
export const FLOOD_AFTER_MS = 5_000;

/** A connection ends after this many malformed frames, or as many that are too long to be read. */
export const MALFORMED_LIMIT = 100;

/** How many logins (NIP-42) a relay may request in `LOGIN_LIMIT_MS`: each needs a signature. */
export const LOGIN_LIMIT = 5;
export const LOGIN_LIMIT_MS = 60_000;
