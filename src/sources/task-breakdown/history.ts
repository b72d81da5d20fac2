import { appendFile } from 'node:fs/promises';
import { parseJson } from '../../io/json-text.ts';
import { readWhole } from '../../io/read-file.ts';
import { exists } from '../../io/writable.ts';
import { jsonObject } from '../../model/json.ts';

/** One move of a task's status. `at` is a naive local time, as everywhere in the format. */
export interface Transition {
  readonly at: string;
  readonly task_id: string;
  readonly from: string;
  readonly to: string;
  readonly attempts: number;
  readonly note?: string;
  readonly result?: string;
}

/** Returns the path of the history. It is beside the breakdown, whose own format stays as its original tools know it. */
function historyPathOf(breakdownPath: string): string {
  return `${breakdownPath.replace(/\.json$/u, '')}.history.ndjson`;
}

/** Adds to the history; with `onlyIfKept`, only if there already is one. One line per move, appended in one write. */
export async function appendHistory(
  breakdownPath: string,
  transitions: readonly Transition[],
  options: { readonly onlyIfKept: boolean },
): Promise<void> {
  const path = historyPathOf(breakdownPath);
  const isKept = await exists(path);
  if (transitions.length === 0 || (options.onlyIfKept && !isKept)) return;
  const lines = transitions.map((transition) => `${JSON.stringify(transition)}\n`);
  await appendFile(path, lines.join(''), { mode: 0o644 });
}

/** Reads every recorded move, the oldest first; lines that are not moves are skipped. */
export async function readHistory(breakdownPath: string): Promise<Transition[]> {
  const found = await readWhole(historyPathOf(breakdownPath));
  if ('problem' in found) return [];
  return found.bytes
    .toString()
    .split('\n')
    .flatMap((line) => {
      const parsed = parseJson(line);
      const move = 'value' in parsed ? jsonObject(parsed.value) : null;
      return move && typeof move.task_id === 'string' ? [move as unknown as Transition] : [];
    });
}
