import { hostname, userInfo } from 'node:os';

/** Returns who gives a command on this machine, for later readers: `user@host`. */
export function whoAsks(): string {
  try {
    return `${userInfo().username}@${hostname()}`;
  } catch {
    return hostname(); // a user id without an account, as in many containers
  }
}
