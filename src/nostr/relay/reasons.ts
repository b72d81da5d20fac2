/** The meanings of the prefixes of a relay's reasons (NIP-01, NIP-42). strfry puts a word of its own before them. */

/** Tells whether the relay requests a login. */
export function asksForLogin(reason: string): boolean {
  return startsWith(reason, 'auth-required');
}

/** Tells whether the relay may answer differently after a login. */
export function concernsLogin(reason: string): boolean {
  return asksForLogin(reason) || startsWith(reason, 'restricted');
}

/** Tells whether trying again soon may help. */
export function isPassing(reason: string): boolean {
  return startsWith(reason, 'rate-limited');
}

function startsWith(reason: string, prefix: string): boolean {
  return new RegExp(`^(?:error: *)?${prefix}\\b`, 'iu').test(reason.trim());
}
