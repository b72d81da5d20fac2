import { z } from 'zod';
import type { Peer } from '../../model/event.ts';
import { type Problem, problem } from '../../model/problem.ts';
import type { FieldsOf, ServedLine } from '../../model/served-line.ts';
import { type PlainText, plainName } from '../../model/text.ts';
import { Id, list } from './fields.ts';

/** One of the server's sources: its id there, and its state. */
export interface AttachedSource {
  readonly id: PlainText;
  readonly peer: Peer;
}

/** A server's sources beyond this many are ignored. */
export const SOURCE_LIMIT = 1_000;

const ProblemLine = z.object({ message: z.string(), hint: z.string().optional() }).nullable().catch(null);
const PeerLine = z.object({ delayMs: z.number().nonnegative().nullable().catch(null), problem: ProblemLine });
/** How the server describes one of its sources. */
export const SourceLine = z.object({
  id: Id,
  kind: z.unknown().optional(),
  status: z.enum(['live', 'connecting', 'down']).catch('connecting'),
  problem: ProblemLine,
  peers: list(PeerLine, 100),
} satisfies FieldsOf<Extract<ServedLine, { type: 'source' }>['source']>);

/**
 * Returns a source of the server, which is shown like a relay of a pool, with a problem of one of its relays. Problems of other
 * servers' sources are left out: in a circle of servers, a problem would go round forever.
 */
export function toSource({ id, kind, status, problem, peers }: z.output<typeof SourceLine>): AttachedSource {
  const delays = peers.flatMap(({ delayMs }) => (delayMs === null ? [] : [delayMs]));
  const ofPeer = kind === 'nostr' ? peers.find((peer) => peer.problem)?.problem : null;
  const wrong = problem ?? ofPeer ?? null;
  return {
    id,
    peer: {
      where: id,
      status,
      delayMs: delays.length === 0 ? null : Math.min(...delays),
      problem: wrong && toProblem(wrong, status === 'down' ? 'down' : 'degraded'),
    },
  };
}

function toProblem(
  line: { message: string; hint?: string | undefined },
  severity: Problem['severity'],
): Problem {
  return problem('unreachable', severity, plainName(line.message), line.hint && plainName(line.hint));
}
