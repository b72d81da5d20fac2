import { type Problem, problem } from '../model/problem.ts';
import { plainName, words } from '../model/text.ts';
import { readPubkey } from '../nostr/npub.ts';

export type ReadPubkeys =
  | { readonly kind: 'read'; readonly pubkeys: readonly string[] }
  | { readonly kind: 'refused'; readonly problem: Problem };

/** Reads the keys of `--pubkey` as hex; refuses the first that is not a key. */
export function readPubkeys(texts: readonly string[]): ReadPubkeys {
  const pubkeys: string[] = [];
  for (const text of texts) {
    const pubkey = readPubkey(text);
    if (pubkey === null) return { kind: 'refused', problem: noPubkey(text) };
    pubkeys.push(pubkey);
  }
  return { kind: 'read', pubkeys };
}

/** Returns the problem of a bad key. It does not show it whole: a secret key is easily taken for a public one. */
function noPubkey(text: string): Problem {
  const shown = plainName(text.startsWith('nsec') ? 'a secret key' : text.slice(0, 80));
  return problem(
    'malformed',
    'down',
    words`--pubkey: ${shown} is not a public key`,
    'write npub1… or 64 hex digits',
  );
}
