const SECRETS = ['TASKGLASS_NSEC', 'TASKGLASS_PASSPHRASE', 'TASKGLASS_TOKEN'];

/** Our keys are none of a command's business, nor of its logs'. */
export function withoutSecrets(
  env: Readonly<Record<string, string | undefined>>,
): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !SECRETS.includes(name)));
}
