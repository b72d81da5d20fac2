import { dirname } from 'node:path';
import type { Clock } from '../../clock.ts';
import { whoAsks } from '../../io/who-asks.ts';
import { writeRefusal } from '../../io/writable.ts';
import type { CommandName } from '../../model/command.ts';
import type { SourceId } from '../../model/id.ts';
import { createMomentReader } from '../../model/naive-zone.ts';
import { problem } from '../../model/problem.ts';
import { foreignWord } from '../../model/status-words.ts';
import { plainName, words } from '../../model/text.ts';
import { answerCommand } from '../kit/answer-command.ts';
import { createDecodeMemo } from '../kit/decode-list.ts';
import { createDocumentSource } from '../kit/document-source.ts';
import type { CommandHandler, Source } from '../kit/source.ts';
import { CANCELLED_RESULT, decodeBreakdownTask, decodeTaskBreakdown } from './format.ts';
import { appendHistory, type Transition } from './history.ts';
import {
  type BreakdownStatus,
  findTask,
  isBreakdownWord,
  moveTask,
  type RawTask,
  type StatusChange,
  statusOf,
  wordsOf,
} from './moves.ts';
import { formatNaiveTime } from './naive-time.ts';
import { BreakdownError, rewriteBreakdown } from './rewrite.ts';

/** Shows the tasks of a task breakdown file. Cancel and retry change the file itself. */
export function createTaskBreakdownSource(options: {
  readonly id: SourceId;
  readonly path: string;
  readonly clock: Clock;
}): Source {
  const { path, clock } = options;
  const moments = createMomentReader();
  const memo = createDecodeMemo((raw) => decodeBreakdownTask(raw, moments.read));

  const now = () => formatNaiveTime(clock.now(), moments.zone);

  return createDocumentSource({
    ...options,
    kind: 'task-breakdown',
    expected: words`tasks`,
    decode(document, modifiedAt) {
      if (moments.look(document, modifiedAt)) memo.forget();
      const breakdown = decodeTaskBreakdown(document, memo.decode);
      memo.turn();
      const problem = breakdown?.problem ?? moments.problem;
      return breakdown && { ...breakdown, problem, firstSeenAt: null, changedAt: modifiedAt };
    },
    refusal: () => writeRefusal([path, dirname(path)]),
    commands: () => ({
      cancel: rewriting(path, now, 'cancel', cancelling, clock),
      retry: rewriting(path, now, 'retry', retrying, clock),
    }),
  });
}

function rewriting(
  path: string,
  now: () => string,
  command: CommandName,
  changeOf: (task: RawTask) => StatusChange | null,
  clock: Clock,
): CommandHandler {
  return async (nativeId, { signal }) => {
    let moved: Transition | null = null;
    const move = (document: unknown) => {
      const task = findTask(document, nativeId, path);
      const change = changeOf(task);
      if (!change) throw notNow(task);
      checkVocabulary(document, change.status);
      moved = moveTask(task, change, now(), wordsOf(document));
    };
    const answer = await answerCommand(words`${command}`, rewriteBreakdown(path, clock, move, signal));
    if (answer.kind === 'sent' && moved)
      await appendHistory(path, [moved], { onlyIfKept: true }).catch(() => {});
    return answer;
  };
}

/** Cancels a task. The format has no word for that, so it is failed, with a result that says so. */
function cancelling(task: RawTask): StatusChange | null {
  const status = statusOf(task);
  if (status === 'completed' || status === 'failed' || status === 'cancelled') return null;
  return { status: 'failed', result: CANCELLED_RESULT, notes: `Cancelled by ${whoAsks()}` };
}

/** Retries a task. Everything of the failed run stays: `attempts` is increased when the worker starts the next one. */
function retrying(task: RawTask): StatusChange | null {
  const hasFailed = statusOf(task) === 'failed' || statusOf(task) === 'cancelled';
  return hasFailed ? { status: 'pending', notes: `Retry asked for by ${whoAsks()}` } : null;
}

/** Throws if a word would be written that the file's program may not know, judging by the words in the file. */
function checkVocabulary(document: unknown, status: BreakdownStatus): void {
  const foreign = foreignWord(status, wordsOf(document), isBreakdownWord);
  if (foreign === null) return;
  const message = words`not possible: a breakdown has no status "${plainName(foreign)}"`;
  const hint = words`it may be another program’s file, and was left unchanged`;
  throw new BreakdownError(problem('not-allowed', 'degraded', message, hint));
}

function notNow(task: RawTask): BreakdownError {
  return new BreakdownError(
    problem('not-allowed', 'degraded', words`not possible: the task is already ${plainName(statusOf(task))}`),
  );
}
