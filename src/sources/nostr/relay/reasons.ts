/** What the prefixes of a relay's reasons mean (NIP-01, NIP-42). strfry puts a word of its own before them. */

/** Does the relay ask who we are? */
export function asksForLogin(reason: string): boolean {
  return startsWith(reason, 'auth-required');
}

/** Is it a word on who we are, which may be another once the relay knows it? */
export function concernsLogin(reason: string): boolean {
  return asksForLogin(reason) || startsWith(reason, 'restricted');
}

/** Will asking again soon help? */
export function isPassing(reason: string): boolean {
  return startsWith(reason, 'rate-limited');
}

function startsWith(reason: string, prefix: string): boolean {
  return new RegExp(`^(?:error: *)?${prefix}\\b`, 'iu').test(reason.trim());
}
