import type { Peer } from '../../../model/event.ts';
import { type Problem, problem } from '../../../model/problem.ts';
import { words } from '../../../model/text.ts';

/** Returns what the state of its relays means for the source as a whole; null if all is well, or not yet known. */
export function problemOf(peers: readonly Peer[]): Problem | null {
  const down = peers.filter(({ status }) => status === 'down');
  const why = down.find((peer) => peer.problem)?.problem ?? null;
  if (peers.length > 0 && down.length === peers.length) {
    const first = why?.message ?? words`no relay can be reached`;
    const said = peers.length === 1 ? first : words`none of ${peers.length} relays can be reached: ${first}`;
    return problem(why?.kind ?? 'unreachable', 'down', said, why?.hint ?? words`retrying`);
  }
  if (down.length > 0) {
    const verb = down.length === 1 ? 'is' : 'are';
    const said = words`${down.length} of ${peers.length} relays ${verb} down: ${why?.message ?? 'no answer'}`;
    return problem(why?.kind ?? 'unreachable', 'degraded', said, why?.hint);
  }
  return peers.find((peer) => peer.problem)?.problem ?? null;
}
