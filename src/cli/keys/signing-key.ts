import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Io } from '../../io/io.ts';
import { type LoadedSigner, loadSigner } from '../../nostr/key-file.ts';
import { userDirectories } from '../../storage/directories.ts';
import type { Settings } from '../config/settings.ts';
import { complain } from '../process/exit.ts';
import { askPassphrase } from './ask-secret.ts';

/** Where the key lies unless told otherwise. */
export function defaultKeyFile(io: Pick<Io, 'env'>): string {
  return path.join(userDirectories(io.env).data, 'key.ncryptsec');
}

const WATCH_WITHOUT = ' (leave empty to watch without it)';

export type FoundSigner =
  | Exclude<LoadedSigner, { kind: 'none' }>
  | { readonly kind: 'loaded'; readonly signer: null };

/** Finds the key to sign with, if there is one. Without a passphrase there is none, which is enough to watch. */
export async function findSigner(
  settings: Settings,
  io: Io,
  { isNeeded = false } = {},
): Promise<FoundSigner> {
  const usual = defaultKeyFile(io);
  const keyFile = settings.keyFile ?? (existsSync(usual) ? usual : undefined);
  const loaded = await loadSigner({
    nsec: io.env.TASKGLASS_NSEC,
    keyFile,
    passphrase: () => askPassphrase(`passphrase of the signing key${isNeeded ? '' : WATCH_WITHOUT}: `, io),
  });
  if (loaded.kind === 'none') return { kind: 'loaded', signer: null };
  if (loaded.kind === 'refused' && loaded.problem.kind === 'no-key') {
    complain(io, loaded.problem);
    return { kind: 'loaded', signer: null };
  }
  return loaded;
}
