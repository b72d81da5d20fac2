import { type PlainText, words } from '../../model/text.ts';
import type { AttachedLine } from './format.ts';
import { type AttachedSource, SOURCE_LIMIT } from './source-line.ts';
import { type AttachedTask, weightOf } from './task-line.ts';

/** What has arrived of a snapshot so far, and is kept. */
export interface IncomingSnapshot {
  readonly tasks: AttachedTask[];
  readonly sources: AttachedSource[];
  parts: number;
  /** How many tasks were listed, including those that were left out, and how many more could not be read. */
  listed: number;
  unreadable: number;
  characters: number;
  weight: number;
}

/** How many tasks are kept: unlike a file, a server is not chosen by its size. */
const MOST_TASKS = 20_000;
const MOST_WEIGHT = 14 * 1024 * 1024;
/** How much of a snapshot is read. */
const LIMIT_CHARACTERS = 256 * 1024 * 1024;
const TOO_LARGE = words`it shows more than 256 MiB: serve fewer tasks there with --filter`;

export function emptySnapshot(): IncomingSnapshot {
  return { tasks: [], sources: [], parts: 0, listed: 0, unreadable: 0, characters: 0, weight: 0 };
}

/** Adds the next part to a snapshot. Returns why that is impossible; null if it worked. */
export function addPart(
  snapshot: IncomingSnapshot,
  part: Extract<AttachedLine, { type: 'snapshot' }>,
): PlainText | null {
  if (part.part !== snapshot.parts) return words`a part of its snapshot is missing`;
  snapshot.parts += 1;
  snapshot.listed += part.tasks.length;
  snapshot.unreadable += part.unreadable;
  snapshot.characters += part.characters;
  if (snapshot.characters > LIMIT_CHARACTERS) return TOO_LARGE;
  for (const task of part.tasks) {
    const kept = asFits(task, snapshot.tasks.length, snapshot.weight);
    if (!kept) continue;
    snapshot.tasks.push(kept);
    snapshot.weight += kept.weight;
  }
  snapshot.sources.push(...part.sources.slice(0, SOURCE_LIMIT - snapshot.sources.length));
  return null;
}

/**
 * Returns the task in a form that can be kept along with the others: without its document if that is too large; null if it
 * cannot be kept at all. `weight` is that of the others.
 */
export function asFits(task: AttachedTask, others: number, weight: number): AttachedTask | null {
  if (others >= MOST_TASKS) return null;
  if (weight + task.weight <= MOST_WEIGHT) return task;
  const lighter = { ...task, raw: null, weight: task.weight - weightOf(task.raw) };
  return weight + lighter.weight <= MOST_WEIGHT ? lighter : null;
}
