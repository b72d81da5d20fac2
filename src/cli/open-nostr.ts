import { sourceId } from '../model/id.ts';
import type { Problem } from '../model/problem.ts';
import type { Signer } from '../sources/nostr/signer.ts';
import { createNostrSource } from '../sources/nostr/source.ts';
import type { Source } from '../sources/source.ts';
import type { Io } from './io.ts';
import { readPubkeys } from './read-pubkeys.ts';
import type { Settings } from './settings.ts';
import { findSigner } from './signing-key.ts';

export type OpenedNostr =
  | { readonly kind: 'opened'; readonly source: Source }
  | { readonly kind: 'refused'; readonly problem: Problem };

/** All relays as one source, with the keys to watch and the key to sign with. */
export async function openNostr(
  urls: readonly string[],
  settings: Settings,
  io: Io,
  given?: Signer,
): Promise<OpenedNostr> {
  const read = readPubkeys(settings.pubkey);
  if (read.kind === 'refused') return read;
  const { pubkeys } = read;
  const found = given ? ({ kind: 'loaded', signer: given } as const) : await findSigner(settings, io);
  if (found.kind === 'refused') return found;
  const signer = found.signer ? { signer: found.signer } : {};
  return {
    kind: 'opened',
    source: createNostrSource({ id: sourceId('nostr'), urls, pubkeys, clock: io.clock, ...signer }),
  };
}
