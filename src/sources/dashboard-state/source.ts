import type { Clock } from '../../clock.ts';
import { notJsonProblem } from '../../io/file-problem.ts';
import type { Parsed } from '../../io/follow-file.ts';
import { parseJson } from '../../io/json-text.ts';
import { readTail, readWhole } from '../../io/read-file.ts';
import { nearestExisting, writeRefusal } from '../../io/writable.ts';
import type { CommandResult } from '../../model/command.ts';
import type { SourceId } from '../../model/id.ts';
import { jsonObject } from '../../model/json.ts';
import { createMomentReader } from '../../model/naive-zone.ts';
import { refused } from '../../model/refused.ts';
import { hasEnded } from '../../model/task.ts';
import { type PlainText, plainName, words } from '../../model/text.ts';
import {
  type CommandFile,
  commandsDirectoryOf,
  sendCommandFile,
} from '../../publish/dashboard-state/command-file.ts';
import { hasRunRecord } from '../../publish/dashboard-state/run-record.ts';
import { createDecodeMemo } from '../kit/decode-list.ts';
import { createDocumentSource } from '../kit/document-source.ts';
import { answerOffer, cancelAndRetryOffers } from '../kit/offers.ts';
import type { CommandHandler, Source } from '../kit/source.ts';
import { decodeDashboardState, decodeDashboardTask, isDashboardState } from './format.ts';
import { abandonedTask, GONE_REFUSAL, isEmitterGone, watchEmitter } from './gone.ts';
import { openStateLog } from './open-log.ts';

/** Starts the run of a state file again, as a run of its own. */
export type RunAgain = (statePath: string) => Promise<CommandResult>;

/**
 * Shows the tasks of a dashboard state file: one document, or in an `.ndjson` one a line, of which the
 * last whole one counts. Cancel and retry go to its emitter as command files. If that says what process it is, and
 * the process is gone, what it left unended has failed.
 */
export function createDashboardStateSource(options: {
  readonly id: SourceId;
  readonly path: string;
  readonly clock: Clock;
  /** Starts an ended run again by the record beside its file. Absent where nobody may. */
  readonly runAgain?: RunAgain;
}): Source {
  const { path, clock, runAgain } = options;
  let isGone = false;
  let isRepeatable = false;
  const moments = createMomentReader();
  const memo = createDecodeMemo((raw) => decodeDashboardTask(raw, moments.read));
  const isStream = /\.(ndjson|jsonl)$/iu.test(path);

  return createDocumentSource({
    ...options,
    kind: 'dashboard-state',
    expected: words`activeTasks`,
    read: isStream ? readTail : readWhole,
    parse: (text) => (isStream ? parseLastLine(text, path) : parseDocument(text, path)),
    decode(document, modifiedAt) {
      if (moments.look(document, modifiedAt)) memo.forget();
      const state = decodeDashboardState(document, memo.decode);
      memo.turn();
      if (!state) return null;
      const at = moments.read(jsonObject(document)?.timestamp) ?? modifiedAt;
      isGone = isEmitterGone(document);
      const tasks = isGone ? state.tasks.map(abandonedTask) : state.tasks;
      return { ...state, tasks, problem: state.problem ?? moments.problem, firstSeenAt: at, changedAt: at };
    },
    watch: (document, onOutdated) => watchEmitter(document, clock, onOutdated),
    async refusal() {
      isRepeatable = isGone && runAgain !== undefined && (await hasRunRecord(path));
      return isGone ? GONE_REFUSAL : commandsRefusal(path);
    },
    offers: ({ state: { status }, retriedAs, question }, refusal) =>
      isRepeatable && hasEnded(status) && retriedAs === undefined
        ? [{ command: 'retry', refusal: null, needsConsent: true }]
        : [...cancelAndRetryOffers(status, refusal), ...answerOffer(question, refusal)],
    commands: (find) => {
      const handler =
        (command: CommandFile['command']): CommandHandler =>
        async (nativeId, { signal, argument }) => {
          const taskId = jsonObject(find(nativeId)?.raw)?.taskId;
          if (taskId === undefined)
            return refused(
              'not-allowed',
              words`${command}: ${plainName(path)} has no task ${plainName(nativeId)}`,
            );
          if (command === 'retry' && isRepeatable && runAgain) return runAgain(path);
          return sendCommandFile({
            statePath: path,
            command,
            taskId: String(taskId),
            argument,
            clock,
            signal,
          });
        };
      return { cancel: handler('cancel'), retry: handler('retry'), answer: handler('answer') };
    },
    log: (task, request) => openStateLog(path, task, request, clock),
  });
}

/** Parses a document; or lines of documents, in a file whose name does not say so. */
function parseDocument(text: string, path: string): Parsed<unknown> {
  const whole = parseJson(text);
  if ('value' in whole) return whole;
  const last = parseLastLine(text, path);
  const isState = 'value' in last && isDashboardState(jsonObject(last.value) ?? {});
  return isState ? last : { explain: () => notJsonProblem(path, whole.explain()) };
}

/**
 * Parses the last line, if it has ended or is whole all the same; else it is being written, and the one before counts.
 */
function parseLastLine(text: string, path: string): Parsed<unknown> {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  const last = parseJson(lines.at(-1) ?? '');
  if ('value' in last) return last;
  const before = text.endsWith('\n') ? null : parseJson(lines.at(-2) ?? '');
  if (before && 'value' in before) return before;
  return { explain: () => notJsonProblem(path, last.explain()) };
}

function commandsRefusal(path: string): Promise<PlainText | null> {
  return nearestExisting(commandsDirectoryOf(path)).then((directory) => writeRefusal([directory]));
}
