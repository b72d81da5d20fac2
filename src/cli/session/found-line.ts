import { joined, type PlainText, words } from '../../model/text.ts';
import { plural } from '../../present/count.ts';
import { KINDS_HERE, type KindHere } from '../../session/discovered-kinds.ts';
import type { Looked } from '../../session/discovery.ts';

/** Returns a line about what was found although nobody named it; null if nothing was. */
export function foundLine(looked: readonly Looked[]): PlainText | null {
  const found = looked.filter(({ found }) => found > 0);
  const here = found.filter(({ where }) => where === 'here').map(hereText);
  const yours = found.filter(({ where }) => where === 'yours').map(yoursText);
  if (here.length + yours.length === 0) return null;
  const parts = [
    ...(here.length > 0 ? [words`here: ${joined(here, ', ')}`] : []),
    ...(yours.length > 0 ? [words`yours: ${joined(yours, ', ')}`] : []),
  ];
  return words`found ${joined(parts, '; ')} (taskglass config discover lists it)`;
}

function hereText({ kind, found }: Looked): PlainText {
  const [one, many] = KINDS_HERE[kind as KindHere];
  return plural(found, one, many);
}

function yoursText({ kind, found }: Looked): PlainText {
  if (kind === 'runs') return plural(found, 'run');
  return words`${kind}`;
}
