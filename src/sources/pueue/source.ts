import type { AskedProgram } from '../../io/ask-program.ts';
import { watchTree } from '../../io/watch-file.ts';
import { type Problem, problem } from '../../model/problem.ts';
import { type PlainText, words } from '../../model/text.ts';
import { placeFrom } from '../../storage/home.ts';
import { createAskedSource } from '../kit/asked-source.ts';
import { cancelAndRetryOffers } from '../kit/offers.ts';
import type { Look } from '../kit/polled-source.ts';
import type { PlacedOptions } from '../kit/program-options.ts';
import type { Source } from '../kit/source.ts';
import { decodePueue } from './format.ts';
import { directoryOf, readStateFile, usualDirectory } from './state-file.ts';

const PUEUE: AskedProgram = {
  install: words`install pueue, or name its state file: pueue:FILE`,
  explain: ({ text }) =>
    /connect|socket|daemon|initialize client/iu.test(text)
      ? { message: words`pueue cannot reach its daemon`, hint: words`start it: pueued -d` }
      : null,
};

/** How often it is asked although the state file has not changed: while there is something to do, and when all is done. */
const BUSY_REST_MS = 10_000;
const IDLE_REST_MS = 60_000;

/**
 * Shows the tasks of a pueue daemon. It is asked when its state file changes, and from time to time. If there is no program to
 * ask, or `place` names a state file or its directory, the file is read, and there are no commands.
 */
export function createPueueSource(options: PlacedOptions): Source {
  const { env, cwd } = options;
  const { place } = options;
  const named = place === '' ? null : placeFrom(place, env, cwd);
  const saved = named ?? usualDirectory(env);
  let refusal: PlainText | null = null;

  async function readFile(): Promise<Look> {
    const read = await readStateFile(saved);
    return read.kind === 'failed' ? read : { ...read, firstSeenAt: null };
  }

  return createAskedSource({
    ...options,
    kind: 'pueue',
    location: named ?? 'pueue',
    program: PUEUE,
    async look(asker, signal) {
      if (named !== null) return readFile();
      const asked = await asker.json(['pueue', 'status', '--json'], decodePueue, signal);
      refusal = asked.kind === 'failed' && asked.isAbsent ? words`there is no pueue on PATH` : null;
      if (asked.kind === 'told') return { kind: 'read', ...asked.told };
      const read = asked.isAbsent ? await readFile() : null;
      return read?.kind === 'read' ? { ...read, problem: fromFile(asked.problem) } : asked;
    },
    restMs: (tasks) =>
      tasks.some(({ state }) => state.status === 'running' || state.status === 'queued')
        ? BUSY_REST_MS
        : IDLE_REST_MS,
    watch: (lookSoon) => watchTree(directoryOf(saved), 0, lookSoon),
    ...(named === null && {
      commands: {
        cancel: ({ nativeId, startedAt }) => ['pueue', startedAt === null ? 'remove' : 'kill', nativeId],
        retry: ({ nativeId }) => ['pueue', 'restart', '--in-place', nativeId],
      },
      offers: (status) => cancelAndRetryOffers(status, refusal),
    }),
  });
}

/** Returns that the tasks were read from the file that the daemon has saved. */
function fromFile({ kind, message, hint }: Problem): Problem {
  return problem(
    kind,
    'degraded',
    words`${message}: showing what its daemon has saved`,
    hint ?? words`install pueue`,
  );
}
