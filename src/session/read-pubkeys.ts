import { type Problem, problem } from '../model/problem.ts';
import { type PlainText, plainName, words } from '../model/text.ts';
import { readPubkey } from '../nostr/npub.ts';

export type ReadPubkeys =
  | { readonly kind: 'read'; readonly pubkeys: readonly string[] }
  | { readonly kind: 'refused'; readonly problem: Problem };

/** Reads the keys that an option names as hex, without duplicates; refuses the first that is not a key. */
export function readPubkeys(texts: readonly string[], option: PlainText = words`--pubkey`): ReadPubkeys {
  const pubkeys = new Set<string>();
  for (const text of texts) {
    const pubkey = readPubkey(text);
    if (pubkey === null) return { kind: 'refused', problem: noPubkey(text, option) };
    pubkeys.add(pubkey);
  }
  return { kind: 'read', pubkeys: [...pubkeys] };
}

function noPubkey(text: string, option: PlainText): Problem {
  return problem(
    'malformed',
    'down',
    words`${option}: ${shownKey(text)} is not a public key`,
    'write npub1… or 64 hex digits',
  );
}

/** Returns what may be shown of an invalid key: a secret one is easily mistaken for a public one, in any case or form. */
function shownKey(text: string): PlainText {
  const [digits = ''] = /^[\da-f]{32,}$/iu.exec(text.trim()) ?? [];
  if (digits !== '') return words`a number of ${digits.length} hex digits`;
  return /nsec|ncryptsec/iu.test(text) ? words`a secret key` : plainName(text.slice(0, 80));
}
