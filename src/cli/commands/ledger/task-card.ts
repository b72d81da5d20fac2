import type { HistoryEntry } from '../../../ledger/history-entry.ts';
import { commandsOf } from '../../../ledger/task-commands.ts';
import type { StepState, TaskDefinition, TaskNote, TaskRecord } from '../../../ledger/types.ts';
import { joined, type PlainText, plainName, plainText, words } from '../../../model/text.ts';
import { durationText, momentText } from '../../../present/duration.ts';
import { cutLine, wrap } from '../../../present/fit.ts';
import { signs, stepGlyph } from '../../../present/glyphs.ts';
import { BLANK_LINE, type Line, segment, textLine } from '../../../present/line.ts';
import { tableLines } from '../../../present/table.ts';
import { commandLine } from './task-commands.ts';
import { progressOf } from './task-document.ts';
import { shownStatus, statusCell } from './task-words.ts';
import type { Page } from './verb.ts';

/** How many history entries are shown; `--json` prints all of them. */
const SHOWN_HISTORY = 12;
/** Wider lines are hard to read. */
const WIDEST = 100;

/** Returns one task for people: its status, the reason for it, and its history. */
export function taskCard(
  record: TaskRecord,
  past: { readonly notes: readonly TaskNote[]; readonly history: readonly HistoryEntry[] },
  page: Page,
): Line[] {
  const { definition, status } = record;
  const sections = [
    headLines(record, page),
    textSection(words`Description`, definition.description, page),
    stepLines(status.steps, page),
    dependencyLines(record, page),
    commandLines(definition, page),
    textSection(words`Result`, status.result, page),
    textSection(status.status === 'cancelled' ? words`Reason` : words`Error`, status.error, page),
    noteLines(past.notes, page),
    historyLines(past.history, page),
  ];
  return sections
    .filter((lines) => lines.length > 0)
    .flatMap((lines, index) => (index > 0 ? [BLANK_LINE, ...lines] : lines));
}

function headLines(record: TaskRecord, page: Page): Line[] {
  const { definition } = record;
  const dot = words` ${signs(page.ascii).dot} `;
  const title = [
    segment(plainName(definition.id), 'strong'),
    segment(words`  ${plainName(definition.name)}`),
  ];
  const facts = [progressText(record), ...timeTexts(record, page)].filter((text) => text !== '');
  const labels = Object.entries(definition.labels).map(([key, value]) => plainName(`${key}=${value}`));
  const places = [
    ...(definition.job ? [words`job ${plainName(definition.job)}`] : []),
    ...(definition.module ? [words`module ${plainName(definition.module)}`] : []),
    ...(definition.priority === null ? [] : [words`priority ${definition.priority}`]),
    ...labels,
  ];
  return [
    cutLine(title, page.width, page.ascii),
    cutLine(
      [
        statusCell(shownStatus(record), page.ascii),
        segment(
          joined(
            facts.map((fact) => words`${dot}${fact}`),
            '',
          ),
        ),
      ],
      page.width,
      page.ascii,
    ),
    ...(places.length > 0 ? wrap(joined(places, dot), page.width).map((row) => textLine(row, 'dim')) : []),
  ];
}

function progressText(record: TaskRecord): PlainText {
  const progress = progressOf(record);
  return progress === null || record.status.status === 'completed' ? words`` : words`${progress}%`;
}

function timeTexts({ status }: TaskRecord, { nowMs }: Page): PlainText[] {
  const { attempt, run, startedAt, endedAt } = status;
  const took = startedAt === null ? null : (endedAt ?? nowMs) - startedAt;
  return [
    run > 1 ? words`run ${run}` : words``,
    attempt > 1 ? words`attempt ${attempt}` : words``,
    status.isForced ? words`forced` : words``,
    status.verifiedAt === null ? words`` : words`verified`,
    endedAt === null ? words`` : words`ended ${momentText(endedAt, nowMs)}`,
    took === null ? words`` : words`${endedAt === null ? 'for' : 'took'} ${durationText(took)}`,
  ];
}

function stepLines(steps: readonly StepState[], page: Page): Line[] {
  if (steps.length === 0) return [];
  const rows = steps.map((step) => {
    const { text, tone } = stepGlyph(step.status, 0, page.ascii);
    const took =
      step.startedAt === null || step.endedAt === null
        ? words``
        : durationText(step.endedAt - step.startedAt);
    const done =
      step.status === 'running' && step.progress !== null ? words`${Math.floor(step.progress)}%` : words``;
    const weight = step.weight === 1 ? words`` : words`weight ${step.weight}`;
    return [segment(words`${text} ${step.status}`, tone), plainName(step.name), done || took, weight];
  });
  const columns = [
    { title: words`STEPS` },
    { title: words``, yields: 1 },
    { title: words``, align: 'right' as const },
    { title: words`` },
  ];
  return tableLines(columns, rows, page);
}

function dependencyLines({ definition, waitsFor }: TaskRecord, page: Page): Line[] {
  if (definition.dependencies.length === 0) return [];
  const needed = joined(definition.dependencies.map(plainName), ', ');
  const awaited =
    waitsFor.length === 0 ? words`` : words`\nwaits for ${joined(waitsFor.map(plainName), ', ')}`;
  return section(words`Needs`, words`${needed}${awaited}`, page);
}

/** Returns all commands that completing or failing the task runs, in full: a hook's name says nothing about what it runs. */
function commandLines(definition: TaskDefinition, page: Page): Line[] {
  const texts = commandsOf(definition).map(commandLine);
  return texts.length === 0 ? [] : section(words`Commands`, joined(texts, '\n'), page);
}

function noteLines(notes: readonly TaskNote[], page: Page): Line[] {
  if (notes.length === 0) return [];
  const texts = notes.map(
    ({ at, by, text }) =>
      words`${momentText(at, page.nowMs)}  ${plainText(text)}${by === null ? '' : words` (${plainName(by)})`}`,
  );
  return section(words`Notes`, joined(texts, '\n'), page);
}

function historyLines(history: readonly HistoryEntry[], page: Page): Line[] {
  const shown = history.slice(-SHOWN_HISTORY);
  if (shown.length === 0) return [];
  const left = history.length - shown.length;
  const rows = shown.map((entry) => [
    momentText(entry.at, page.nowMs),
    entry.event === 'progressed' && entry.progress !== null
      ? words`progressed ${Math.floor(entry.progress)}%`
      : words`${entry.event}`,
    plainName(entry.by ?? ''),
    plainName(entry.reason?.split('\n', 1)[0] ?? ''),
  ]);
  const columns = [
    { title: words`HISTORY` },
    { title: words`` },
    { title: words``, yields: 1 },
    { title: words``, yields: 2 },
  ];
  return [
    ...tableLines(columns, rows, page),
    ...(left > 0 ? [textLine(words`${left} earlier (--json shows all)`, 'dim')] : []),
  ];
}

function textSection(title: PlainText, text: string | null, page: Page): Line[] {
  return text === null || text.trim() === '' ? [] : section(title, plainText(text), page);
}

function section(title: PlainText, text: PlainText, { width }: Page): Line[] {
  const body = wrap(text, Math.min(width, WIDEST) - 2).map((row) => textLine(indented(row)));
  return [textLine(title.toUpperCase(), 'dim'), ...body];
}

function indented(text: PlainText): PlainText {
  return words`  ${text}`;
}
