import type { Clock } from '../../clock.ts';
import type { SourceId } from '../../model/id.ts';
import { refused, refusedBecause } from '../../model/refused.ts';
import { type PlainText, plainName, words } from '../../model/text.ts';
import { answerOffer, cancelAndRetryOffers } from '../../sources/kit/offers.ts';
import { createPolledSource, type Look, type PolledTasks } from '../../sources/kit/polled-source.ts';
import type { CommandHandler, Source } from '../../sources/kit/source.ts';
import type { Environment } from '../../storage/home.ts';
import { createAskedAgents } from './agents.ts';
import { createClaudeHome, type HomeReading } from './home.ts';
import { answerAsk } from './hooks/answer-ask.ts';
import { claudePlaces, signalPlaces } from './place.ts';
import { createClaudeProgram } from './program.ts';
import { type HomeWatch, watchHome } from './watch-home.ts';

/** How often it is checked whether processes are alive; changes of files are reported by the system. */
const LIVELY_EVERY_MS = 5_000;
const QUIET_EVERY_MS = 30_000;

const VERBS = { cancel: 'stop', retry: 'respawn' } as const;

/** Why a question cannot be answered from here, and what to do: no hook waits for an answer to it. */
const NOT_HELD = words`no hook holds it: answer it in Claude Code itself (taskglass hooks install claude lets requests for permission be answered from here)`;
/** A question of which only its existence is known. */
const NOT_TOLD = { text: words``, choices: [], askedAt: null };

/**
 * Shows the sessions, background jobs and task lists of Claude Code that are kept in a directory. Its program is asked for
 * changes, and for what the files do not say.
 */
export function createClaudeSource(options: {
  readonly id: SourceId;
  /** The directory: `~/.claude`, or another one. */
  readonly home: string;
  readonly clock: Clock;
  /** The environment in which its program is looked for, and started. */
  readonly env: Environment;
  readonly cwd: string;
}): Source {
  const { id, home, clock } = options;
  const places = claudePlaces(home, signalPlaces(options.env));
  const files = createClaudeHome(places);
  const program = createClaudeProgram(options);
  let onNews = () => {};
  const agents = createAskedAgents({ program, clock, onNews: () => onNews() });
  let watch: HomeWatch | null = null;
  let everyMs = LIVELY_EVERY_MS;
  let jobIds: ReadonlySet<string> = new Set();
  let refusal: PlainText | null = null;
  let held: HomeReading['held'] = new Map();

  async function look(signal: AbortSignal): Promise<Look> {
    await watch?.before();
    const reading = await files.read(clock.now());
    watch?.after();
    if ('down' in reading) {
      everyMs = LIVELY_EVERY_MS;
      return { kind: 'failed', problem: reading.down };
    }
    if (reading.isPartial) await agents.look(signal);
    else agents.forget();
    everyMs = reading.isLively || watch?.isBlind ? LIVELY_EVERY_MS : QUIET_EVERY_MS;
    return withAsked(reading);
  }

  /** Adds what only the program knows. */
  function withAsked({ tasks, problem, jobIds: inFiles, held: inJournals }: HomeReading): Look {
    held = inJournals;
    const known = new Set(tasks.map(({ nativeId }) => nativeId));
    const more = agents.tasks.filter(({ nativeId }) => !known.has(nativeId));
    jobIds = new Set([...inFiles, ...agents.jobIds]);
    refusal = jobIds.size > 0 ? program.refusal() : null;
    return { kind: 'read', tasks: [...tasks, ...more], problem: problem ?? agents.problem };
  }

  const asking =
    (tasks: PolledTasks, command: 'cancel' | 'retry'): CommandHandler =>
    async (nativeId, { signal }) => {
      if (!jobIds.has(nativeId) || !tasks.find(nativeId))
        return refused('missing', words`${command}: there is no background job ${plainName(nativeId)}`);
      const problem = await program.change(VERBS[command], nativeId, signal);
      if (problem) return refusedBecause(words`${command}`, problem);
      tasks.lookSoon();
      return { kind: 'sent' };
    };

  const answering =
    (tasks: PolledTasks): CommandHandler =>
    async (nativeId, { argument = '' }) => {
      const result = await answerAsk(held.get(nativeId), argument, options);
      tasks.lookSoon();
      return result;
    };

  return createPolledSource({
    id,
    kind: 'claude',
    location: home,
    clock,
    look,
    everyMs: () => everyMs,
    watch(lookSoon) {
      onNews = lookSoon;
      watch = watchHome(places, files, clock, lookSoon);
      return watch;
    },
    offers(status, { nativeId, question }) {
      const asked = status === 'needs-input' ? (question ?? NOT_TOLD) : question;
      const answer = answerOffer(asked, held.has(nativeId) ? null : NOT_HELD);
      if (!jobIds.has(nativeId)) return answer;
      const ofJob = cancelAndRetryOffers(status, refusal).map((offer) =>
        offer.command === 'retry' ? { ...offer, needsConsent: true } : offer,
      );
      return [...ofJob, ...answer];
    },
    commands: (tasks) => ({
      cancel: asking(tasks, 'cancel'),
      retry: asking(tasks, 'retry'),
      answer: answering(tasks),
    }),
  });
}
