import { basename } from 'node:path';
import { STEP_LIMIT } from '../../model/limits.ts';
import { type Problem, problem } from '../../model/problem.ts';
import type { StepStatus } from '../../model/task.ts';
import { type PlainText, plainName, plainNameOrNull, words } from '../../model/text.ts';
import type { TickList } from '../kit/tick-list.ts';
import type { Entry } from '../kit/ticks.ts';
import { type Convention, placeOf } from './place.ts';

/** A checklist as it stands in a file. */
export interface Checklist {
  readonly heading: PlainText | null;
  /** Boxes with the same text are told apart by their order. */
  readonly boxes: readonly Entry[];
  readonly problem: Problem | null;
}

/**
 * A line with a box. As in OpenSpec, indented boxes and those in code fences count: a counted example is noticed, a lost task
 * is not. In addition to its marks, `-` and `/` are read, which others have.
 */
const BOX = /^\s*[-*]\s*\[([\sxX/-])\]\s*(.*)/u;
const HEADING = /^#{1,6}\s+(.+?)[\s#]*$/u;
/** The rest of a heading is not read, because the expression takes time for each pair of blanks. */
const LONGEST_HEADING = 500;

/** Returns what a mark means: `[-]` is under way in Kiro, and skipped everywhere else; elsewhere, `[/]` is under way. */
function statusOf(mark: string, convention: Convention): StepStatus | null {
  if (mark === 'x' || mark === 'X') return 'completed';
  if (mark === '-') return convention === 'kiro' ? 'running' : convention === 'openspec' ? null : 'skipped';
  if (mark === '/') return convention === 'other' ? 'running' : null;
  return 'pending';
}

/** Reads a checklist; null if there is no box in the text. */
export function readChecklist(text: string, path: string): Checklist | null {
  const { convention } = placeOf(path);
  const counts = new Map<string, number>();
  const boxes: Entry[] = [];
  let heading: PlainText | null = null;
  let found = 0;
  for (const line of text.split(/\r?\n/u)) {
    const [, mark = '', words = ''] = BOX.exec(line) ?? [];
    const status = mark === '' ? null : statusOf(mark, convention);
    if (status === null) heading ??= plainNameOrNull(HEADING.exec(line.slice(0, LONGEST_HEADING))?.[1]);
    else if (++found <= STEP_LIMIT) boxes.push(boxOf(words, status, convention, counts));
  }
  if (found === 0) return null;
  return { heading, boxes, problem: found > STEP_LIMIT ? surplus(path, found) : null };
}

/** Tells whether a text has a status in its front matter: then it is another program's task, whatever boxes are in it. */
export function hasOwnStatus(text: string): boolean {
  const frontMatter = /^---\r?\n(.*?)\r?\n---/su.exec(text)?.[1] ?? '';
  return /^status:/mu.test(frontMatter);
}

function boxOf(text: string, status: StepStatus, convention: Convention, counts: Map<string, number>): Entry {
  const isOptional = convention === 'kiro' && text.startsWith('* ');
  const bare = isOptional ? `${text.slice(2)} (optional)` : text;
  const count = (counts.get(bare) ?? 0) + 1;
  counts.set(bare, count);
  return { name: plainNameOrNull(bare) ?? words`(no text)`, status, key: `${count} ${bare}` };
}

/** Returns a checklist in the form that all lists of ticks share. */
export function checklistAsList({ heading, boxes, problem }: Checklist, path: string): TickList {
  const { spec } = placeOf(path);
  const nativeId = plainName(spec ?? basename(path));
  return {
    nativeId,
    name: plainNameOrNull(spec) ?? heading ?? nativeId,
    entries: boxes,
    problem,
    raw: { file: basename(path), heading, boxes: boxes.map(({ name, status }) => ({ name, status })) },
  };
}

function surplus(path: string, found: number): Problem {
  const message = words`${plainName(path)} has ${found} boxes: only the first ${STEP_LIMIT} are shown`;
  return problem('too-large', 'degraded', message);
}

export function noBoxes(path: string): Problem {
  const message = words`${plainName(path)} has no boxes`;
  return problem('malformed', 'down', message, 'a checklist has lines such as "- [ ] Write the tests"');
}
