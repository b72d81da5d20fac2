import { type Fields, readFrontMatter, readYaml, textOf, textsOf } from '../../io/front-matter.ts';
import { STEP_LIMIT } from '../../model/limits.ts';
import { readMoment } from '../../model/moment.ts';
import type { Problem } from '../../model/problem.ts';
import type { Step } from '../../model/task.ts';
import { type PlainText, plainNameOrNull, words } from '../../model/text.ts';
import { decodeIds, decodeLabels, decodePerson } from '../kit/decode-fields.ts';
import { type DecodedItem, decodeList, type Oddity, unknownStatus } from '../kit/decode-list.ts';
import { BARE_DRAFT, type TaskDraft } from '../kit/task-draft.ts';
import { withWaiting } from '../kit/waiting.ts';
import { stateOf, USUAL_STATUSES } from './statuses.ts';

/** A task's file as it is read, before the board's columns are known. */
export interface TaskFile {
  readonly name: string;
  readonly fields: Fields;
  readonly steps: readonly Step[];
  /** How many acceptance criteria there are, if more than are read as steps. */
  readonly criteria: number;
}

/** Reads a task's file; null if it has no front matter with an id or a title. */
export function readTaskFile(name: string, text: string): TaskFile | null {
  const found = readFrontMatter(text);
  if (!found || (textOf(found.fields.id) === null && textOf(found.fields.title) === null)) return null;
  const boxes = boxesIn(found.body);
  return { name, fields: found.fields, steps: stepsOf(boxes), criteria: boxes.length };
}

/** Reads a board's columns from its settings: tasks begin in the first and end in the last. */
export function readStatuses(settings: string): readonly string[] {
  const statuses = textsOf(readYaml(settings)?.statuses);
  return statuses.length > 0 ? statuses : USUAL_STATUSES;
}

/**
 * Reads all tasks of a board. A task waits for its dependencies that are on the board: one without a file there is finished
 * (`completed/`), or on another branch.
 */
export function decodeBacklog(
  files: readonly TaskFile[],
  statuses: readonly string[],
): { readonly tasks: readonly TaskDraft[]; readonly problem: Problem | null } {
  const { items, problem } = decodeList(files, words`tasks`, (raw) => decodeTask(raw as TaskFile, statuses));
  // Ids are written in several ways: with the prefix of an older version, in capitals, with zeros before the number.
  const shown = new Map(items.map(({ nativeId }) => [canonical(nativeId), nativeId]));
  const named = items.map((task) => ({
    ...task,
    dependencies: decodeIds(task.dependencies.map((id) => shown.get(canonical(id)) ?? id)),
  }));
  const states = new Map(named.map((task) => [task.nativeId, task.state]));
  const known = ({ dependencies }: TaskDraft) => dependencies.filter((id) => states.has(id));
  return { tasks: named.map((task) => withWaiting(task, states, known)), problem };
}

function decodeTask(file: TaskFile, statuses: readonly string[]): DecodedItem<TaskDraft> {
  const { name, fields, steps, criteria } = file;
  const nativeId = plainNameOrNull(textOf(fields.id) ?? idInName(name));
  if (nativeId === null) return { wrong: words`${plainNameOrNull(name) ?? 'a file'} has no id` };
  const createdAt = momentOf(fields.created_date);
  const updatedAt = momentOf(fields.updated_date) ?? createdAt;
  const word = plainNameOrNull(textOf(fields.status)) ?? plainNameOrNull(statuses[0]) ?? words`To Do`;
  const { state, isUnknown } = stateOf(word, statuses, updatedAt);
  const priority = textOf(fields.priority)?.toLowerCase() ?? '';
  const item: TaskDraft = {
    ...BARE_DRAFT,
    nativeId,
    name: plainNameOrNull(textOf(fields.title)) ?? nativeId,
    state,
    steps,
    totalSteps: steps.length,
    updatedAt,
    priority: PRIORITIES[priority] ?? null,
    dependencies: textsOf(fields.dependencies).slice(0, STEP_LIMIT),
    labels: decodeLabels([
      ['priority', textOf(fields.priority)],
      ['labels', joined(textsOf(fields.labels))],
      ['assignee', people(fields.assignee)],
      ['milestone', textOf(fields.milestone)],
      ['parent', textOf(fields.parent_task_id)],
    ]),
    mayBeQuiet: true,
    raw: { file: name, ...withoutAddresses(fields) },
  };
  const oddities = isUnknown ? [unknownStatus(word)] : [];
  if (criteria > steps.length) oddities.push(surplus(criteria));
  return { item, oddities };
}

function surplus(criteria: number): Oddity {
  const what = words`it has ${criteria} acceptance criteria: only the first ${STEP_LIMIT} are shown`;
  return { kind: 'too-large', what };
}

const PRIORITIES: Readonly<Record<string, number>> = { critical: 0, high: 1, medium: 2, low: 3 };
function joined(texts: readonly (string | null)[]): string | null {
  return texts.filter((text) => text !== null).join(', ') || null;
}

function people(value: unknown): string | null {
  return joined(textsOf(value).map(decodePerson));
}

function withoutAddresses(fields: Fields): Fields {
  return { ...fields, assignee: people(fields.assignee), reporter: people(fields.reporter) };
}

/** Reads a time, which the program writes in UTC without naming a zone. */
function momentOf(value: unknown): number | null {
  return readMoment(textOf(value), 0);
}

/** Returns the id with which the name of a task's file begins: `task-1.2 - Draw-the-shelves.md`. */
function idInName(name: string): string | null {
  return /^([a-z]+-\d+(?:\.\d+)*)(?= - |\.md$)/iu.exec(name)?.[1] ?? null;
}

/** Returns what all spellings of an id have in common: its numbers. */
function canonical(id: string): string {
  const numbers = /^(?:[a-z]+-)?(\d+(?:\.\d+)*)$/iu.exec(id.trim())?.[1];
  return numbers?.replace(/(^|\.)0+(?=\d)/gu, '$1') ?? id;
}

const BOX = /^\s*[-*] \[([ xX])\] *(?:#\d+ +)?(.*)$/u;

/** An acceptance criterion. */
interface Box {
  readonly name: PlainText;
  readonly isTicked: boolean;
}

function boxesIn(body: string): Box[] {
  return criteriaIn(body).flatMap((line) => {
    const [, mark, text] = BOX.exec(line) ?? [];
    return mark === undefined ? [] : [{ name: nameOf(text), isTicked: mark !== ' ' }];
  });
}

function stepsOf(boxes: readonly Box[]): Step[] {
  return boxes.slice(0, STEP_LIMIT).map(
    ({ name, isTicked }, index): Step => ({
      index,
      name,
      status: isTicked ? 'completed' : 'pending',
      progress: null,
      weight: 1,
      startedAt: null,
      endedAt: null,
    }),
  );
}

function nameOf(text: string | undefined): PlainText {
  return plainNameOrNull(text) ?? words`(no text)`;
}

/** Returns the lines with a task's criteria: those between the program's marks; older versions had only a heading. */
function criteriaIn(body: string): string[] {
  const lines = body.split(/\r?\n/u);
  const marked = linesBetween(lines, /^<!-- AC:BEGIN -->/u, /^<!-- AC:END -->/u);
  return marked ?? linesBetween(lines, /^## Acceptance Criteria/u, /^## /u) ?? [];
}

function linesBetween(lines: readonly string[], begin: RegExp, end: RegExp): string[] | null {
  const first = lines.findIndex((line) => begin.test(line)) + 1;
  if (first === 0) return null;
  const last = lines.findIndex((line, index) => index >= first && end.test(line));
  return lines.slice(first, last === -1 ? lines.length : last);
}
