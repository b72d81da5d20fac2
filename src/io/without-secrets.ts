/** Keys, tokens, passphrases, the files that hold them, and the addresses to which is notified. */
const SECRET = /^TASKGLASS_(?:NOTIFY$|(?:.*_)?(?:NSEC|PASSPHRASE|PASSWORD|TOKEN|SECRET|KEY|BUNKER)(?:_|$))/u;

/** Returns the environment without our keys: they are none of a command's business, nor of its logs'. */
export function withoutSecrets(
  env: Readonly<Record<string, string | undefined>>,
): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !SECRET.test(name)));
}
