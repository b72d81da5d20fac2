import type { Clock } from '../../clock.ts';
import { notJsonProblem } from '../../io/file-problem.ts';
import type { Parsed } from '../../io/follow-file.ts';
import { type JsonReading, parseJson, parseLastLine } from '../../io/json-text.ts';
import { readTail, readWhole } from '../../io/read-file.ts';
import { nearestExisting, writeRefusal } from '../../io/writable.ts';
import type { CommandResult } from '../../model/command.ts';
import type { SourceId } from '../../model/id.ts';
import { jsonObject } from '../../model/json.ts';
import { createMomentReader, hasNaiveMoment } from '../../model/naive-zone.ts';
import { refused } from '../../model/refused.ts';
import { hasEnded } from '../../model/task.ts';
import { type PlainText, plainName, words } from '../../model/text.ts';
import {
  type CommandFile,
  commandsDirectoryOf,
  sendCommandFile,
} from '../../publish/dashboard-state/command-file.ts';
import { hasRunRecord } from '../../publish/dashboard-state/run-record-file.ts';
import { createDecodeMemo } from '../kit/decode-list.ts';
import { createDocumentSource } from '../kit/document-source.ts';
import { answerOffer, cancelAndRetryOffers } from '../kit/offers.ts';
import type { CommandHandler, Source } from '../kit/source.ts';
import {
  decodeDashboardState,
  decodeDashboardSteps,
  decodeDashboardTask,
  isDashboardState,
  supersedes,
} from './format.ts';
import { abandonedTask, GONE_REFUSAL, isEmitterGone, watchEmitter } from './gone.ts';
import { openStateLog } from './open-log.ts';

/** If no text begins with a year, or with what may stand for one, no time lacks a zone. */
const MAY_BE_A_TIME = /"(?:\s*\d{4}|\\)/u;

/** Starts the run of a state file again, as a run of its own. */
export type RunAgain = (statePath: string) => Promise<CommandResult>;

/**
 * Shows the tasks of a dashboard state file: one document, or an `.ndjson` with one per line, of which the last complete one
 * counts. Cancel and retry go to its emitter as command files. If the file names the emitter's process, and that process is
 * gone, its unfinished tasks have failed.
 */
export function createDashboardStateSource(options: {
  readonly id: SourceId;
  readonly path: string;
  readonly clock: Clock;
  /** Starts an ended run again from the record beside its file. Absent if that is not permitted. */
  readonly runAgain?: RunAgain;
  /** A file of at least this many bytes is read in a thread of its own (2 MiB). */
  readonly largeBytes?: number;
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
    parse: (text) => (isStream ? explained(parseLastLine(text), path) : parseDocument(text, path)),
    decode(document, modifiedAt) {
      if (moments.look(document, modifiedAt)) memo.forget();
      const state = decodeDashboardState(document, memo.decode);
      memo.turn();
      if (!state) return null;
      const at = moments.read(jsonObject(document)?.timestamp) ?? modifiedAt;
      isGone = isEmitterGone(document);
      return { ...state, problem: state.problem ?? moments.problem, firstSeenAt: at, changedAt: at };
    },
    shown: (draft) => (isGone ? abandonedTask(draft) : draft),
    standing: () => `${isGone} ${isRepeatable}`,
    largeList: isStream
      ? undefined
      : {
          key: 'activeTasks',
          where: words`activeTasks`,
          decode: (raw) => decodeDashboardTask(raw, moments.read, false),
          stepsOf: (raw) => decodeDashboardSteps(raw, moments.read),
          supersedes,
          fits: (raw, text) => !(MAY_BE_A_TIME.test(text) && hasNaiveMoment(raw)),
        },
    watch: (document, onOutdated) => watchEmitter(document, clock, onOutdated),
    async refusal() {
      isRepeatable = isGone && runAgain !== undefined && (await hasRunRecord(path));
      return isGone ? GONE_REFUSAL : commandsRefusal(path);
    },
    offers({ state: { status }, retriedAs, question }, refusal) {
      if (!isRepeatable || !hasEnded(status))
        return [...cancelAndRetryOffers(status, refusal), ...answerOffer(question, refusal)];
      return retriedAs === undefined
        ? [{ command: 'retry', refusal: null, needsConsent: true }]
        : [{ command: 'retry', refusal: words`it was already started again, as ${plainName(retriedAs)}` }];
    },
    commands: (find) => {
      const handler =
        (command: CommandFile['command']): CommandHandler =>
        async (nativeId, { signal, argument, report }) => {
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
            report,
          });
        };
      return { cancel: handler('cancel'), retry: handler('retry'), answer: handler('answer') };
    },
    log: (task, request) => openStateLog(path, task, request, clock),
  });
}

/** Parses a document, or lines of documents in a file whose name does not say so. */
function parseDocument(text: string, path: string): Parsed<unknown> {
  const whole = parseJson(text);
  if ('value' in whole) return whole;
  const last = parseLastLine(text);
  const isState = 'value' in last && isDashboardState(jsonObject(last.value) ?? {});
  return isState ? last : explained(whole, path);
}

function explained(reading: JsonReading, path: string): Parsed<unknown> {
  return 'value' in reading ? reading : { explain: () => notJsonProblem(path, reading.explain()) };
}

function commandsRefusal(path: string): Promise<PlainText | null> {
  return nearestExisting(commandsDirectoryOf(path)).then((directory) => writeRefusal([directory]));
}
