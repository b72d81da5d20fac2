import { expect, test } from 'vitest';
import { withoutSecrets } from '../../src/io/without-secrets.ts';

test('keys, tokens and passphrases of ours are left out, and what else there is stays', () => {
  const secrets = ['NSEC', 'PASSPHRASE', 'TOKEN', 'TOKEN_FILE', 'NTFY_TOKEN', 'WEBHOOK_SECRET'];
  const env = Object.fromEntries(secrets.map((name) => [`TASKGLASS_${name}`, 'x']));
  const others = { PATH: '/bin', GITHUB_TOKEN: 'theirs', TASKGLASS_TASK_ID: 'a', TASKGLASS_SESSION_ID: 's' };
  expect(withoutSecrets({ ...env, ...others })).toEqual(others);
});
