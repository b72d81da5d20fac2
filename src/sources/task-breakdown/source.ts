import { dirname } from 'node:path';
import type { Clock } from '../../clock.ts';
import type { CommandName } from '../../model/command.ts';
import type { SourceId } from '../../model/id.ts';
import { problem } from '../../model/problem.ts';
import { plainName } from '../../model/text.ts';
import { createDecodeMemo } from '../decode-list.ts';
import { createDocumentSource } from '../document-source.ts';
import { notJsonProblem } from '../file-problem.ts';
import { parseJson } from '../json-text.ts';
import { readWhole } from '../read-file.ts';
import type { CommandHandler, Source } from '../source.ts';
import { jsonObject } from '../task-draft.ts';
import { whoAsks } from '../who-asks.ts';
import { writeRefusal } from '../writable.ts';
import { CANCELLED_RESULT, decodeBreakdownTask, decodeTaskBreakdown } from './format.ts';
import { formatNaiveTime } from './naive-time.ts';
import { BreakdownError, rewriteBreakdown } from './rewrite.ts';

/** Shows the tasks of a task breakdown file (FORMATS 2). Cancel and retry change the file itself (SPEC 5). */
export function createTaskBreakdownSource(options: {
  readonly id: SourceId;
  readonly path: string;
  readonly clock: Clock;
}): Source {
  const { path, clock } = options;
  const memo = createDecodeMemo(decodeBreakdownTask);

  return createDocumentSource({
    ...options,
    kind: 'task-breakdown',
    expected: 'tasks',
    read: readWhole,
    parse(text) {
      const parsed = parseJson(text);
      return 'value' in parsed ? parsed : { explain: () => notJsonProblem(path, parsed.explain()) };
    },
    decode(document, modifiedAt) {
      const breakdown = decodeTaskBreakdown(document, memo.decode);
      memo.turn();
      return breakdown && { ...breakdown, firstSeenAt: null, changedAt: modifiedAt };
    },
    refusal: () => writeRefusal([path, dirname(path)]),
    commands: () => ({
      cancel: rewriting(path, clock, 'cancel', cancelTask),
      retry: rewriting(path, clock, 'retry', retryTask),
    }),
  });
}

type RawTask = Record<string, unknown>;

function rewriting(
  path: string,
  clock: Clock,
  command: CommandName,
  change: (task: RawTask, now: string) => void,
): CommandHandler {
  return async (nativeId) => {
    try {
      await rewriteBreakdown(path, clock, (document) => {
        change(findTask(document, nativeId, path), formatNaiveTime(clock.now()));
      });
      return { kind: 'sent' };
    } catch (error) {
      const found =
        error instanceof BreakdownError
          ? error.problem
          : problem('not-allowed', 'degraded', plainName(`${path} cannot be written: ${String(error)}`));
      return {
        kind: 'refused',
        problem: { ...found, severity: 'degraded', message: plainName(`${command}: ${found.message}`) },
      };
    }
  };
}

/** The format has no word for cancelled: failed, with a result that says so. */
function cancelTask(task: RawTask, now: string): void {
  if (task.status === 'completed' || task.status === 'failed') throw notNow(task);
  Object.assign(task, {
    status: 'failed',
    completed_at: now,
    result: CANCELLED_RESULT,
    status_updated_at: now,
  });
  addNote(task, now, `Cancelled by ${whoAsks()}`);
}

/** Everything of the failed run stays: `attempts` counts when the worker starts the next one. */
function retryTask(task: RawTask, now: string): void {
  if (task.status !== 'failed') throw notNow(task);
  Object.assign(task, { status: 'pending', status_updated_at: now });
  addNote(task, now, `Retry asked for by ${whoAsks()}`);
}

function addNote(task: RawTask, timestamp: string, note: string): void {
  const { notes = null } = task;
  const before = Array.isArray(notes) ? notes : notes === null ? [] : [notes];
  task.notes = [...before, { timestamp, note }];
}

/** The first one with the id counts, as in the view. */
function findTask(document: unknown, nativeId: string, path: string): RawTask {
  const tasks = jsonObject(document)?.tasks;
  const found = (Array.isArray(tasks) ? tasks : []).find((task) => {
    const id = jsonObject(task)?.id;
    return (typeof id === 'string' || typeof id === 'number') && plainName(String(id)) === nativeId;
  });
  if (found) return found as RawTask;
  throw new BreakdownError(
    problem('not-allowed', 'degraded', `${plainName(path)} has no task ${plainName(nativeId)}`),
  );
}

function notNow(task: RawTask): BreakdownError {
  const status = plainName(String(task.status ?? 'pending'));
  return new BreakdownError(problem('not-allowed', 'degraded', `not possible: the task is ${status} by now`));
}
