/** What the prefixes of a relay's reasons mean (NIP-01, NIP-42). strfry puts a word of its own before them. */

/** Tells whether the relay asks who we are. */
export function asksForLogin(reason: string): boolean {
  return startsWith(reason, 'auth-required');
}

/** Tells whether the refusal may be another one, or none, once the relay knows who we are. */
export function concernsLogin(reason: string): boolean {
  return asksForLogin(reason) || startsWith(reason, 'restricted');
}

/** Tells whether asking again soon may help. */
export function isPassing(reason: string): boolean {
  return startsWith(reason, 'rate-limited');
}

function startsWith(reason: string, prefix: string): boolean {
  return new RegExp(`^(?:error: *)?${prefix}\\b`, 'iu').test(reason.trim());
}
