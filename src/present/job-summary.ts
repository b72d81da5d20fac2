import type { TaskStatus } from '../model/task.ts';
import { type PlainText, words } from '../model/text.ts';
import { durationText } from './duration.ts';
import { cut } from './fit.ts';
import { taskGlyph } from './glyphs.ts';

/** What a job's summary says about a task. */
export interface TaskSummary {
  readonly name: PlainText;
  readonly status: TaskStatus;
  readonly durationMs: number | null;
  /** Why it has this status, possibly in several lines; null if unknown. */
  readonly why: PlainText | null;
}

/** Nobody reads a longer table; what needs attention comes first. */
const ROWS = 100;
const FENCES = 20;
const NAME_WIDTH = 200;
const WHY_LENGTH = 4 * 1024;
const URGENCY: readonly TaskStatus[] = ['failed', 'needs-input', 'cancelled'];

/**
 * Returns what GitHub shows as a step's summary, in Markdown: a table, and the last output of the failed tasks. Takes at
 * most `roomBytes`: leaves out the output if there is no room for it, and returns null if the table does not fit either.
 */
export function jobSummary(tasks: readonly TaskSummary[], roomBytes: number): string | null {
  const sorted = tasks.toSorted((a, b) => rankOf(a) - rankOf(b));
  const rows = sorted.slice(0, ROWS).map(row);
  const more = tasks.length - rows.length;
  const table = [
    '| Task | State | Duration |',
    '|---|---|---|',
    ...rows,
    ...(more > 0 ? [`| … and ${more} more | | |`] : []),
    '',
  ].join('\n');
  const failed = sorted.filter(({ status, why }) => status === 'failed' && why !== null).slice(0, FENCES);
  // After a blank line, a new table begins, whatever another program has appended before.
  const candidates = [
    ['', table, ...failed.map(lastWords), ''],
    ['', table, ''],
  ].map((parts) => parts.join('\n'));
  return candidates.find((text) => Buffer.byteLength(text) <= roomBytes) ?? null;
}

function rankOf({ status }: TaskSummary): number {
  const rank = URGENCY.indexOf(status);
  return rank < 0 ? URGENCY.length : rank;
}

function row({ name, status, durationMs }: TaskSummary): string {
  const duration = durationMs === null ? '' : durationText(durationMs);
  return `| ${escaped(name)} | ${taskGlyph(status, 0, false).text} ${status} | ${duration} |`;
}

function lastWords({ name, why }: TaskSummary): string {
  const text = (why ?? words``).slice(0, WHY_LENGTH);
  const longest = Math.max(2, ...[...text.matchAll(/`+/gu)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return [`**${escaped(name)}**`, '', `${fence}text`, text, fence, ''].join('\n');
}

/** Escapes all ASCII punctuation, as CommonMark allows, so that no link, cell or HTML begins. */
function escaped(name: PlainText): string {
  return cut(name, NAME_WIDTH).replace(/[!-/:-@[-`{-~]/gu, '\\$&');
}
