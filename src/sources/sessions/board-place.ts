import { existsSync } from 'node:fs';
import type { Clock } from '../../clock.ts';
import { RewriteError, readWholeJson } from '../../io/rewrite-json.ts';
import { decodeText } from '../../io/text-encoding.ts';
import { parseExactly } from '../../model/json.ts';
import { problem } from '../../model/problem.ts';
import { plainName, plainNameOrNull, words } from '../../model/text.ts';
import { type Board, changeBoard, noBoard } from './board.ts';
import type { RawTask } from './board-task.ts';
import { decodeBoard } from './format.ts';
import type { NewTask, TaskPlace } from './place.ts';
import { refusal } from './refusal.ts';
import { applyReport } from './session-report.ts';

/** Creates the place where sessions report to a board's file. `add` creates the file if it is missing. */
export function createBoardPlace(options: {
  readonly path: string;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}): TaskPlace {
  const { path, clock } = options;
  return {
    async list() {
      if (!existsSync(path)) throw noBoard(path);
      const text = decodeText(await readWholeJson(options));
      const board = decodeBoard(parseExactly(text));
      if (board) return board.tasks;
      throw new RewriteError(problem('malformed', 'down', words`${plainName(path)} is not a board`));
    },
    async report(ids, report) {
      await changeBoard(options, (board) => {
        for (const id of ids) applyReport(board.find(id), report, board.dialect, clock.now());
      });
      return [];
    },
    async add(task) {
      let id = '';
      await changeBoard({ ...options, create: true }, (board) => {
        id = addTo(board, task);
      });
      return id;
    },
  };
}

function addTo(board: Board, { id: wanted, title, ...rest }: NewTask): string {
  const taken = new Set<string>(board.tasks.map((task) => plainNameOrNull(task.id) ?? ''));
  const id = wanted ?? nextId(taken);
  if (taken.has(id)) throw refusal(words`there is already a task ${plainName(id)}`);
  board.add({ id, [titleKey(board.tasks)]: title, ...rest, status: 'todo', sessionProgress: [] });
  return id;
}

/** Returns T1, T2, …: short enough to type. */
function nextId(taken: ReadonlySet<string>): string {
  const numbers = [...taken].map((id) => Number(/^T(\d{1,9})$/u.exec(id)?.[1] ?? 0));
  return `T${numbers.reduce((a, b) => Math.max(a, b), 0) + 1}`;
}

function titleKey(tasks: readonly RawTask[]): 'title' | 'name' {
  return tasks.some((task) => 'name' in task) && !tasks.some((task) => 'title' in task) ? 'name' : 'title';
}
