/** Bounds that a relay's traffic is held to. */

/** Relays keep events below a few hundred KiB; a longer frame is not read. */
export const LONGEST_FRAME_BYTES = 4 * 1024 * 1024;

/** A frame has to be received to be passed over; one that is longer than this ends the connection. */
export const LONGEST_PASSED_OVER_BYTES = 32 * 1024 * 1024;

/** So many events of one relay may wait for their verdict; then the relay waits. */
export const LARGEST_BACKLOG = 1_000;

/** A backlog that lasts longer than this is a flood. */
export const FLOOD_AFTER_MS = 5_000;

/** So many frames that are no relay's messages, or too long to be read, end a connection. */
export const MALFORMED_LIMIT = 100;

/** How many logins (NIP-42) a relay may ask for in `LOGIN_LIMIT_MS`: each costs a signature. */
export const LOGIN_LIMIT = 5;
export const LOGIN_LIMIT_MS = 60_000;
