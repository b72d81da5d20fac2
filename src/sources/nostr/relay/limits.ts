/** Bounds that a relay's traffic is held to. */

/** Relays keep events below a few hundred KiB; a longer frame ends the connection. */
export const LONGEST_FRAME_BYTES = 4 * 1024 * 1024;

/** So many events of one relay may wait for their verdict; then the relay waits. */
export const LARGEST_BACKLOG = 1_000;

/** A backlog that lasts longer than this is a flood. */
export const FLOOD_AFTER_MS = 5_000;

/** So many frames that are no relay's messages end a connection. */
export const NONSENSE_LIMIT = 100;

/** How many logins (NIP-42) one connection may ask for: each costs a signature. */
export const LOGIN_LIMIT = 5;
