import { z } from 'zod';
import type { FieldsOf, ServedLine } from '../../model/served-line.ts';
import { type PlainText, words } from '../../model/text.ts';
import { readBoundedObject } from '../agui/size.ts';
import { Id, list } from './fields.ts';
import { type AttachedSource, SOURCE_LIMIT, SourceLine, toSource } from './source-line.ts';
import { type AttachedTask, Count, readTask, TaskLine, toTask } from './task-line.ts';

/** What one event of `/events` says. */
export type AttachedLine =
  | {
      readonly type: 'snapshot';
      readonly part: number;
      readonly isLast: boolean;
      readonly sources: readonly AttachedSource[];
      readonly tasks: readonly AttachedTask[];
      /** How many tasks of this part could not be read. */
      readonly unreadable: number;
      /** How long the part was. */
      readonly characters: number;
    }
  | { readonly type: 'task'; readonly task: AttachedTask }
  | { readonly type: 'removed'; readonly id: string }
  | { readonly type: 'source'; readonly source: AttachedSource }
  | { readonly type: 'source-removed'; readonly id: string }
  /** Not a line of ours, or of a kind that a later version may have. */
  | { readonly type: 'unknown' }
  /** One of ours, but damaged. */
  | { readonly type: 'unreadable' }
  /** Without this line, nothing that follows can be understood. */
  | { readonly type: 'broken'; readonly why: PlainText };

const Line = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('snapshot'),
    version: z.literal(1),
    part: Count,
    isLast: z.boolean(),
    sources: list(SourceLine, SOURCE_LIMIT),
    tasks: z.array(z.unknown()),
  } satisfies FieldsOf<Extract<ServedLine, { type: 'snapshot' }>>),
  z.object({ type: z.literal('task'), task: TaskLine }),
  z.object({ type: z.literal('removed'), id: Id }),
  z.object({ type: z.literal('source'), source: SourceLine }),
  z.object({ type: z.literal('source-removed'), id: Id }),
]);
const KNOWN_TYPES: ReadonlySet<string> = new Set([
  'snapshot',
  'task',
  'removed',
  'source',
  'source-removed',
] satisfies ServedLine['type'][]);

/** A part of a snapshot is at most 4 MiB, unless a single task is larger. */
const LARGEST_LINE = { values: 600_000, characters: 8 * 1024 * 1024, depth: Number.POSITIVE_INFINITY };
const TOO_LARGE = words`it sends more at once than can be read`;
/** Reads the data of one event, which may contain anything. This is the only place where a stranger's text becomes plain. */
export function decodeAttachedLine(data: string): AttachedLine {
  const bounded = readBoundedObject(data, LARGEST_LINE);
  if (bounded.kind === 'too-large') return { type: 'broken', why: TOO_LARGE };
  const raw = bounded.kind === 'object' ? bounded.object : null;
  const read = Line.safeParse(raw);
  if (!read.success) return strangeLine(raw);
  const line = read.data;
  switch (line.type) {
    case 'snapshot': {
      const tasks = line.tasks.flatMap((task) => readTask(task) ?? []);
      const unreadable = line.tasks.length - tasks.length;
      const sources = line.sources.map(toSource);
      return { ...line, tasks, unreadable, sources, characters: data.length };
    }
    case 'task':
      return { type: 'task', task: toTask(line.task, (raw as { readonly task: unknown }).task) };
    case 'source':
      return { type: 'source', source: toSource(line.source) };
    case 'removed':
    case 'source-removed':
      return line;
    default:
      return line satisfies never;
  }
}

/** Reads a line of an unknown kind. A stream may contain other events, such as pings. */
function strangeLine(raw: unknown): AttachedLine {
  const { type, version } = (raw ?? {}) as { readonly type?: unknown; readonly version?: unknown };
  if (typeof type !== 'string' || !KNOWN_TYPES.has(type)) return { type: 'unknown' };
  if (type !== 'snapshot') return { type: 'unreadable' };
  if (typeof version === 'number' && version > 1)
    return { type: 'broken', why: words`it runs a newer taskglass: update this one` };
  return { type: 'broken', why: NOT_OURS };
}

export const NOT_OURS = words`it sends something that is not from taskglass`;
