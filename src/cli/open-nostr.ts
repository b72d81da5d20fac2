import { sourceId } from '../model/id.ts';
import { type Problem, problem } from '../model/problem.ts';
import { plainName } from '../model/text.ts';
import { readPubkey } from '../sources/nostr/npub.ts';
import type { Signer } from '../sources/nostr/signer.ts';
import { createNostrSource } from '../sources/nostr/source.ts';
import type { Source } from '../sources/source.ts';
import type { Io } from './io.ts';
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
  const pubkeys: string[] = [];
  for (const text of settings.pubkey) {
    const pubkey = readPubkey(text);
    if (pubkey === null) return { kind: 'refused', problem: noPubkey(text) };
    pubkeys.push(pubkey);
  }
  const found = given ? ({ kind: 'loaded', signer: given } as const) : await findSigner(settings, io);
  if (found.kind === 'refused') return found;
  const signer = found.signer ? { signer: found.signer } : {};
  return {
    kind: 'opened',
    source: createNostrSource({ id: sourceId('nostr'), urls, pubkeys, clock: io.clock, ...signer }),
  };
}

/** Not shown whole: a secret key is easily taken for a public one. */
function noPubkey(text: string): Problem {
  const shown = plainName(text.startsWith('nsec') ? 'a secret key' : text.slice(0, 80));
  return problem('malformed', 'down', `--pubkey: ${shown} is no public key`, 'write npub1… or 64 hex digits');
}
