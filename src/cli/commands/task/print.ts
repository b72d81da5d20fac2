import type { Io } from '../../../io/io.ts';
import { print } from '../../../io/print.ts';
import { joined, type PlainText, words } from '../../../model/text.ts';
import { cut } from '../../../present/fit.ts';
import { tableLines } from '../../../present/table.ts';
import type { TaskDraft } from '../../../sources/kit/task-draft.ts';
import { tableWidth } from '../../process/appearance.ts';

/** Prints a table that fits the terminal; without titles, only its rows. */
export function printTable(
  io: Io,
  titles: readonly PlainText[],
  rows: readonly (readonly PlainText[])[],
): void {
  const width = tableWidth(io);
  const count = rows[0]?.length ?? 0;
  const columns = Array.from({ length: count }, (_, index) => ({
    title: titles[index] ?? words``,
    ...(index === count - 1 ? { yields: 2 } : index === 0 ? { yields: 1 } : {}),
  }));
  const lines = tableLines(columns, rows, { width }).slice(titles.length === 0 ? 1 : 0);
  for (const { segments } of lines) {
    const text = joined(
      segments.map((part) => part.text),
      '',
    );
    print(io, cut(text.trimEnd(), width, false));
  }
}

/** Returns a task as `--json` prints it: the user's and the sessions' statuses, and the resulting status. */
export function taskDocument(task: TaskDraft): object {
  return {
    id: task.nativeId,
    name: task.name,
    status: task.state.status,
    userStatus: task.userStatus ?? null,
    updatedAt: task.updatedAt,
    dependencies: task.dependencies,
    sessions: task.sessions.map(({ id, status, updatedAt, notes }) => ({ id, status, updatedAt, notes })),
  };
}
