import type { Environment } from '../storage/home.ts';

/** Keys, tokens, passphrases, the files that contain them, and the addresses of notifications. */
const SECRET = /^TASKGLASS_(?:NOTIFY$|(?:.*_)?(?:NSEC|PASSPHRASE|PASSWORD|TOKEN|SECRET|KEY|BUNKER)(?:_|$))/u;

/** Returns the environment without our secrets: neither a command nor its logs should have them. */
export function withoutSecrets(env: Environment): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !SECRET.test(name)));
}
