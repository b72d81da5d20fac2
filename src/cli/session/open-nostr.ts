import type { Io } from '../../io/io.ts';
import { sourceId } from '../../model/id.ts';
import type { Problem } from '../../model/problem.ts';
import type { Signer } from '../../nostr/signer.ts';
import type { Source } from '../../sources/kit/source.ts';
import { createNostrSource } from '../../sources/nostr/source.ts';
import type { Settings } from '../config/settings.ts';
import { readPubkeys } from '../keys/read-pubkeys.ts';
import { findSigner } from '../keys/signing-key.ts';

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
