import { median } from '../../model/median.ts';
import type { Problem } from '../../model/problem.ts';
import type { Note, TaskState } from '../../model/task.ts';
import { type PlainText, plainName, plainNameOrNull, plainTextOrNull, words } from '../../model/text.ts';
import type { Row } from '../../storage/foreign-tables.ts';
import { decodeLabels } from '../kit/decode-fields.ts';
import { type DecodedItem, decodeList, type Oddity, unknownStatus } from '../kit/decode-list.ts';
import { BARE_DRAFT, type TaskDraft } from '../kit/task-draft.ts';
import type { JobRecord } from './job-list.ts';
import {
  decodeRuns,
  isRunning,
  type Run,
  SCHEDULER_LATE_MS,
  type Silence,
  successDurations,
} from './runs.ts';
import { isUnreadStamp, parseStamp, spanText, stampText } from './times.ts';
import { isDisabled } from './words.ts';

const NOTES_SHOWN = 5;
/** How much of an unreadable timestamp is shown, in characters. */
const UNREAD_SHOWN = 40;

/**
 * Reads the state of a job database (docs/sources.md) at `nowMs`: one task per job. `modifiedAt` is when the database was last
 * written, `looksAgainAt` (epoch ms) when the same rows will mean something else.
 */
export function decodeJobRuns(
  records: readonly JobRecord[],
  nowMs: number,
  modifiedAt: number,
): {
  readonly tasks: readonly TaskDraft[];
  readonly problem: Problem | null;
  readonly looksAgainAt: number | null;
} {
  const silence = schedulerSilence(records, nowMs, modifiedAt);
  const looks: number[] = silence.looksAgainAt === null ? [] : [silence.looksAgainAt];
  const { items, problem } = decodeList(records, words`jobs`, (record) => {
    const { runs, looksAgainAt } = decodeRuns((record as JobRecord).runs, nowMs, silence.since);
    if (looksAgainAt !== null) looks.push(looksAgainAt);
    return decodeJob(record as JobRecord, runs);
  });
  return { tasks: items, problem, looksAgainAt: looks.length === 0 ? null : Math.min(...looks) };
}

/**
 * Returns since when the scheduler is silent. A living one writes when a run is due, so after that, silence means that it is
 * gone.
 */
function schedulerSilence(
  records: readonly JobRecord[],
  nowMs: number,
  modifiedAt: number,
): { readonly since: Silence; readonly looksAgainAt: number | null } {
  const due = records
    .filter(({ isPlanned }) => isPlanned)
    .map(({ nextRun }) => parseStamp(nextRun))
    .filter((at) => at !== null);
  if (due.length === 0) return { since: null, looksAgainAt: null };
  const silentAt =
    Math.max(
      modifiedAt,
      due.reduce((a, b) => Math.min(a, b)),
    ) + SCHEDULER_LATE_MS;
  return nowMs >= silentAt
    ? { since: modifiedAt, looksAgainAt: null }
    : { since: null, looksAgainAt: silentAt };
}

function decodeJob(record: JobRecord, runs: readonly Run[]): DecodedItem<TaskDraft> {
  const name = plainNameOrNull(record.name);
  if (name === null) return { wrong: words`it has no name` };
  const run = runs.find(isRunning) ?? runs[0] ?? null;
  const isOdd = run !== null && run.status === null;
  const word = isOdd ? (plainNameOrNull(run.row.status) ?? words`(no word)`) : null;
  const item: TaskDraft = {
    ...BARE_DRAFT,
    nativeId: name,
    name,
    state: word ? { status: 'queued', reason: word } : decodeState(record, run, runs),
    pastDurationsMs: successDurations(runs),
    startedAt: run?.startedAt ?? null,
    updatedAt: run?.endedAt ?? run?.startedAt ?? parseStamp(record.job?.last_run_at),
    priority: finiteNumber(run?.row.priority),
    notes: runs.slice(0, NOTES_SHOWN).reverse().map(describeRun),
    labels: labelsOf(record, run, runs),
    raw: {
      ...known(record.job),
      next_run: record.nextRun,
      run: run && { ...known(run.row), ...outcomeOf(record, run) },
    },
  };
  return { item, oddities: [...(word ? [unknownStatus(word)] : []), ...unreadStamps(record, runs)] };
}

/** Reports one unreadable time of a job: its others most likely have the same form. */
function unreadStamps({ job, nextRun }: JobRecord, runs: readonly Run[]): Oddity[] {
  const stamps = [...runs.flatMap(({ row }) => [row.started_at, row.finished_at]), nextRun, job?.last_run_at];
  const unread = stamps.find(isUnreadStamp);
  if (unread === undefined) return [];
  const shown = plainName(unread.slice(0, UNREAD_SHOWN));
  return [{ kind: 'malformed', what: words`"${shown}" is not a time: shown without it` }];
}

function decodeState(record: JobRecord, run: Run | null, runs: readonly Run[]): TaskState {
  if (!run) return { status: 'queued', reason: plainName(whyNoRun(record)) };
  const outcome = outcomeOf(record, run);
  switch (run.status) {
    case 'success':
      return { status: 'completed', endedAt: run.endedAt, result: plainTextOrNull(outcome?.output) };
    case 'failed':
      return { status: 'failed', endedAt: run.endedAt, error: plainTextOrNull(outcome?.error) };
    case 'cancelled':
      return { status: 'cancelled', endedAt: run.endedAt, reason: cancelReason(run, outcome) };
    default: {
      const stale = runs.filter((other) => other.stale !== null).length;
      const others = stale > 1 ? ` (and ${stale - 1} more of its runs)` : '';
      return { status: 'running', reason: run.stale === null ? null : plainName(`${run.stale}${others}`) };
    }
  }
}

/** Returns why a run was cancelled. A skipped run says so, because nobody has cancelled it. */
function cancelReason({ row }: Run, outcome: JobRecord['outcome']): PlainText | null {
  const word = plainNameOrNull(row.status);
  return plainTextOrNull(outcome?.error) ?? (word && !/^cancell?ed$/iu.test(word) ? word : null);
}

function whyNoRun({ job, queued, nextRun }: JobRecord): string {
  if (isDisabled(job)) return 'disabled';
  if (queued > 0) return `${count(queued, 'run')} queued, none has begun`;
  const dueAt = parseStamp(nextRun);
  return dueAt === null ? 'no run yet' : `no run yet, next ${stampText(dueAt)}`;
}

/**
 * Returns the output and error of the run, if they were kept: only those of the newest finished run are, which may be another
 * one.
 */
function outcomeOf(record: JobRecord, run: Run): JobRecord['outcome'] {
  return record.outcome && record.outcome.id === run.id ? record.outcome : null;
}

function labelsOf(record: JobRecord, run: Run | null, runs: readonly Run[]): Record<string, PlainText> {
  const succeeded = runs.filter(({ status }) => status === 'success').length;
  const ended = succeeded + runs.filter(({ status }) => status === 'failed').length;
  const usualMs = median(successDurations(runs));
  const stale = runs.filter((other) => other.stale !== null).length;
  const dueAt = parseStamp(record.nextRun);
  const everyMs = finiteNumber(record.job?.reschedule_in);
  const labels: Record<string, string | null> = {
    queue: run?.row.queue_name ?? null,
    queued: record.queued === 0 ? null : count(record.queued, 'run'),
    succeeded: ended === 0 ? null : `${succeeded} of ${count(ended, 'run')}`,
    usually: usualMs === null ? null : spanText(usualMs),
    stale: stale === 0 ? null : count(stale, 'run'),
    'next run': dueAt === null ? null : stampText(dueAt),
    every: everyMs === null || record.job?.reschedule === '0' ? null : spanText(everyMs),
    schedule: record.job?.schedule ?? null,
    job: isDisabled(record.job) ? 'disabled' : null,
  };
  return decodeLabels(Object.entries(labels));
}

function describeRun(run: Run): Note {
  const status = plainNameOrNull(run.status ?? run.row.status) ?? 'unknown';
  const tookMs = run.startedAt !== null && run.endedAt !== null ? run.endedAt - run.startedAt : null;
  const took = tookMs === null || tookMs < 0 ? '' : ` after ${spanText(tookMs)}`;
  const stale = run.stale === null ? '' : ' (stale)';
  return { at: run.endedAt ?? run.startedAt, text: plainName(`run ${run.id}: ${status}${took}${stale}`) };
}

/** Returns a row without the columns that its database lacks. */
function known(row: Row | null): Row {
  return Object.fromEntries(Object.entries(row ?? {}).filter(([, value]) => value !== null));
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

function finiteNumber(raw: string | null | undefined): number | null {
  const value = raw === null || raw === undefined || raw.trim() === '' ? Number.NaN : Number(raw);
  return Number.isFinite(value) ? value : null;
}
