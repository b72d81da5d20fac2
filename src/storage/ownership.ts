/** The part of a file's stats that is needed here. */
interface Owned {
  readonly uid: number;
}

const ROOT = 0;
const OTHERS = 0o077;

/** Tells whether a file is this user's. Always true on Windows, where a user's profile is closed to others. */
export function isOurs({ uid }: Owned): boolean {
  return process.geteuid === undefined || uid === process.geteuid();
}

/** Tells whether a file's owner is this user or root. */
export function isOursOrRoots(owned: Owned): boolean {
  return isOurs(owned) || owned.uid === ROOT;
}

/** Tells whether anybody but its owner may read or write a file. */
export function isOpenToOthers({ mode }: { readonly mode: number }): boolean {
  return process.platform !== 'win32' && (mode & OTHERS) !== 0;
}
