import { sourceId } from '../model/id.ts';
import type { Problem } from '../model/problem.ts';
import type { Source } from '../sources/kit/source.ts';
import { createNostrSource } from '../sources/nostr/source.ts';
import type { SessionContext } from './context.ts';
import { readPubkeys } from './read-pubkeys.ts';
import type { Selection } from './selection.ts';
import { findSigner } from './signing-key.ts';

export type OpenedNostr =
  | { readonly kind: 'opened'; readonly source: Source }
  | { readonly kind: 'refused'; readonly problem: Problem };

/** Opens all relays as one source, with the keys to watch and the key to sign with. */
export async function openNostr(
  urls: readonly string[],
  { pubkeys: texts, signer: given, keyFile }: Selection,
  context: SessionContext,
): Promise<OpenedNostr> {
  const read = readPubkeys(texts);
  if (read.kind === 'refused') return read;
  const found = given ? ({ kind: 'loaded', signer: given } as const) : await findSigner({ keyFile }, context);
  if (found.kind === 'refused') return found;
  const signer = found.signer ? { signer: found.signer } : {};
  return {
    kind: 'opened',
    source: createNostrSource({
      id: sourceId('nostr'),
      urls,
      pubkeys: read.pubkeys,
      clock: context.clock,
      ...signer,
    }),
  };
}
