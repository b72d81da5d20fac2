import type { HistoryEntry } from '../../../ledger/history-entry.ts';
import { commandsOf } from '../../../ledger/task-commands.ts';
import type { StepState, TaskDefinition, TaskNote, TaskRecord } from '../../../ledger/types.ts';
import { type PlainText, plainName, plainText } from '../../../model/text.ts';
import { durationText, momentText } from '../../../present/duration.ts';
import { cutLine, wrap } from '../../../present/fit.ts';
import { signs, stepGlyph } from '../../../present/glyphs.ts';
import { BLANK_LINE, type Line, segment, textLine } from '../../../present/line.ts';
import { tableLines } from '../../../present/table.ts';
import { commandLine } from './task-commands.ts';
import { progressOf } from './task-document.ts';
import { shownStatus, statusCell } from './task-words.ts';
import type { Page } from './verb.ts';

/** How much of a history is shown; `--json` has all of it. */
const SHOWN_HISTORY = 12;
/** Wider lines are hard to read. */
const WIDEST = 100;

/** Returns one task for people: its status, the reason, and its history. */
export function taskCard(
  record: TaskRecord,
  past: { readonly notes: readonly TaskNote[]; readonly history: readonly HistoryEntry[] },
  page: Page,
): Line[] {
  const { definition, status } = record;
  const sections = [
    headLines(record, page),
    textSection('Description', definition.description, page),
    stepLines(status.steps, page),
    dependencyLines(record, page),
    commandLines(definition, page),
    textSection('Result', status.result, page),
    textSection(status.status === 'cancelled' ? 'Reason' : 'Error', status.error, page),
    noteLines(past.notes, page),
    historyLines(past.history, page),
  ];
  return sections
    .filter((lines) => lines.length > 0)
    .flatMap((lines, index) => (index > 0 ? [BLANK_LINE, ...lines] : lines));
}

function headLines(record: TaskRecord, page: Page): Line[] {
  const { definition } = record;
  const dot = ` ${signs(page.ascii).dot} `;
  const title = [segment(plainName(definition.id), 'strong'), segment(`  ${plainName(definition.name)}`)];
  const facts = [progressText(record), ...timeTexts(record, page)].filter((text) => text !== '');
  const labels = Object.entries(definition.labels).map(([key, value]) => plainName(`${key}=${value}`));
  const places = [
    definition.job && plainName(`job ${definition.job}`),
    definition.module && plainName(`module ${definition.module}`),
    definition.priority !== null && `priority ${definition.priority}`,
    ...labels,
  ].filter((text) => typeof text === 'string' && text !== '');
  return [
    cutLine(title, page.width, page.ascii),
    cutLine(
      [statusCell(shownStatus(record), page.ascii), segment(facts.map((fact) => dot + fact).join(''))],
      page.width,
      page.ascii,
    ),
    ...(places.length > 0 ? wrap(places.join(dot), page.width).map((row) => textLine(row, 'dim')) : []),
  ];
}

function progressText(record: TaskRecord): string {
  const progress = progressOf(record);
  return progress === null || record.status.status === 'completed' ? '' : `${progress}%`;
}

function timeTexts({ status }: TaskRecord, { nowMs }: Page): string[] {
  const { attempt, run, startedAt, endedAt } = status;
  const took = startedAt === null ? null : (endedAt ?? nowMs) - startedAt;
  return [
    run > 1 ? `run ${run}` : '',
    attempt > 1 ? `attempt ${attempt}` : '',
    status.isForced ? 'forced' : '',
    status.verifiedAt === null ? '' : 'verified',
    endedAt === null ? '' : `ended ${momentText(endedAt, nowMs)}`,
    took === null ? '' : `${endedAt === null ? 'for' : 'took'} ${durationText(took)}`,
  ];
}

function stepLines(steps: readonly StepState[], page: Page): Line[] {
  if (steps.length === 0) return [];
  const rows = steps.map((step) => {
    const { text, tone } = stepGlyph(step.status, 0, page.ascii);
    const took =
      step.startedAt === null || step.endedAt === null ? '' : durationText(step.endedAt - step.startedAt);
    const done = step.status === 'running' && step.progress !== null ? `${Math.floor(step.progress)}%` : '';
    const weight = step.weight === 1 ? '' : `weight ${step.weight}`;
    return [segment(`${text} ${step.status}`, tone), plainName(step.name), done || took, weight];
  });
  const columns = [
    { title: 'STEPS' },
    { title: '', yields: 1 },
    { title: '', align: 'right' as const },
    { title: '' },
  ];
  return tableLines(columns, rows, page);
}

function dependencyLines({ definition, waitsFor }: TaskRecord, page: Page): Line[] {
  if (definition.dependencies.length === 0) return [];
  const needed = definition.dependencies.map(plainName).join(', ');
  const awaited = waitsFor.length === 0 ? '' : `\nwaits for ${waitsFor.map(plainName).join(', ')}`;
  return section('Needs', needed + awaited, page);
}

/** Returns all that completing or failing the task runs, in full: the name of a hook tells nothing. */
function commandLines(definition: TaskDefinition, page: Page): Line[] {
  const texts = commandsOf(definition).map(commandLine);
  return texts.length === 0 ? [] : section('Commands', texts.join('\n'), page);
}

function noteLines(notes: readonly TaskNote[], page: Page): Line[] {
  if (notes.length === 0) return [];
  const texts = notes.map(
    ({ at, by, text }) =>
      `${momentText(at, page.nowMs)}  ${plainText(text)}${by === null ? '' : ` (${plainName(by)})`}`,
  );
  return section('Notes', texts.join('\n'), page);
}

function historyLines(history: readonly HistoryEntry[], page: Page): Line[] {
  const shown = history.slice(-SHOWN_HISTORY);
  if (shown.length === 0) return [];
  const left = history.length - shown.length;
  const rows = shown.map((entry) => [
    momentText(entry.at, page.nowMs),
    entry.event === 'progressed' && entry.progress !== null
      ? `progressed ${Math.floor(entry.progress)}%`
      : entry.event,
    plainName(entry.by ?? ''),
    plainName(entry.reason?.split('\n', 1)[0] ?? ''),
  ]);
  const columns = [{ title: 'HISTORY' }, { title: '' }, { title: '', yields: 1 }, { title: '', yields: 2 }];
  return [
    ...tableLines(columns, rows, page),
    ...(left > 0 ? [textLine(`${left} earlier (--json shows all)`, 'dim')] : []),
  ];
}

function textSection(title: string, text: string | null, page: Page): Line[] {
  return text === null || text.trim() === '' ? [] : section(title, plainText(text), page);
}

function section(title: string, text: string | PlainText, { width }: Page): Line[] {
  const body = wrap(text, Math.min(width, WIDEST) - 2).map((row) => textLine(indented(row)));
  return [textLine(title.toUpperCase(), 'dim'), ...body];
}

function indented(text: string): string {
  return `  ${text}`;
}
