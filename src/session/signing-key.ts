import { existsSync } from 'node:fs';
import path from 'node:path';
import { words } from '../model/text.ts';
import { type LoadedSigner, loadSigner } from '../nostr/key-file.ts';
import { userDirectories } from '../storage/directories.ts';
import type { SessionContext } from './context.ts';

/** Returns the default place of the key. */
export function defaultKeyFile({ env }: Pick<SessionContext, 'env'>): string {
  return path.join(userDirectories(env).data, 'key.ncryptsec');
}

const WATCH_WITHOUT = ' (leave empty to watch without it)';

export type FoundSigner =
  | Exclude<LoadedSigner, { kind: 'none' }>
  | { readonly kind: 'loaded'; readonly signer: null };

/** Finds the key to sign with, if there is one. Without a passphrase there is none, which is enough for watching. */
export async function findSigner(
  { keyFile: named }: { readonly keyFile?: string | undefined },
  context: Pick<SessionContext, 'env' | 'askSecret' | 'onProblem'>,
  { isNeeded = false } = {},
): Promise<FoundSigner> {
  const { env, askSecret, onProblem } = context;
  const question = words`passphrase of the signing key${isNeeded ? '' : WATCH_WITHOUT}: `;
  const usual = defaultKeyFile(context);
  const keyFile = named ?? (existsSync(usual) ? usual : undefined);
  const loaded = await loadSigner({
    nsec: env.TASKGLASS_NSEC,
    keyFile,
    passphrase: async () => env.TASKGLASS_PASSPHRASE || ((await askSecret?.(question)) ?? null),
  });
  if (loaded.kind === 'none') return { kind: 'loaded', signer: null };
  if (loaded.kind === 'refused' && loaded.problem.kind === 'no-key') {
    onProblem(loaded.problem);
    return { kind: 'loaded', signer: null };
  }
  return loaded;
}
