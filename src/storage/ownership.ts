/** Of what `stat` tells, whom a file belongs to. */
interface Owned {
  readonly uid: number;
}

const ROOT = 0;
const OTHERS = 0o077;

/** Tells whether a file is this user's. Windows has no such owners: there a user's profile is closed to others. */
export function isOurs({ uid }: Owned): boolean {
  return process.geteuid === undefined || uid === process.geteuid();
}

/** Tells whether nobody but this user and root can have made a file. */
export function isOursOrRoots(owned: Owned): boolean {
  return isOurs(owned) || owned.uid === ROOT;
}

/** Tells whether anybody but its owner may read or write a file. */
export function isOpenToOthers({ mode }: { readonly mode: number }): boolean {
  return process.platform !== 'win32' && (mode & OTHERS) !== 0;
}
