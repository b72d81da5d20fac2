import type { TaskId } from '../model/id.ts';
import type { TaskStatus } from '../model/task.ts';
import { words } from '../model/text.ts';
import { type Counts, selectCounts } from '../store/select.ts';
import type { TaskEntry } from '../store/state.ts';
import { rowsBelow } from './below.ts';
import type { Columns } from './columns.ts';
import { countedStatus } from './count.ts';
import { cutLine } from './fit.ts';
import { signs } from './glyphs.ts';
import { type Line, segment, type Tone } from './line.ts';
import { type ListView, selectedPlace } from './list-view.ts';
import type { RenderContext } from './render-context.ts';
import { taskRow } from './row.ts';
import { clampTop, moreLine, type Scrolled } from './scroll.ts';
import { headingLines, headingSize, headingsSize } from './section-title.ts';
import { unfoldings } from './unfold.ts';

/**
 * Returns the list in at most `height` lines. If the view follows the selected task, it scrolls no further than needed to
 * show it.
 */
export function listLines(
  view: ListView,
  columns: Columns,
  context: RenderContext,
  height: number,
): Scrolled {
  const rooms = unfoldings(view, height);
  const place = measure(view, rooms, height);
  const top = view.follows ? topFor(view.top, place, height) : clampTop(view.top, place.total, height);
  const shown = linesBetween(view, { rooms, height }, columns, context, { from: top, to: top + height });
  const beyond = { above: top > 0, below: top + height < place.total };
  return { lines: withMarks(shown, view.sections.entries, context, beyond), top };
}

interface Place {
  /** The number of all lines. */
  readonly total: number;
  /** The line of the selected task, and how many lines it takes with its steps. */
  readonly at: number;
  readonly size: number;
}

/** How many lines the steps of each unfolded task take; see `unfoldings`. */
type Rooms = ReadonlyMap<TaskId, number>;

function sizeOf(entry: TaskEntry, rooms: Rooms): number {
  return 1 + (rooms.get(entry.task.id) ?? 0);
}

function measure(view: ListView, rooms: Rooms, height: number): Place {
  const { sections, entries } = view.sections;
  const unfolded = [...rooms.values()].reduce((sum, room) => sum + room, 0);
  const total = entries.length + headingsSize(sections, height) + unfolded;
  const place = selectedPlace(view);
  const selected = entries[place];
  if (!selected) return { total, at: 0, size: 1 };
  let [at, before] = [0, 0];
  for (const section of sections) {
    at += headingSize(section, height);
    const count = Math.min(section.length, place - before);
    at += count;
    if (plainRows(view, rooms) < place)
      for (const entry of section.list.slice(section.from, section.from + count))
        at += sizeOf(entry, rooms) - 1;
    if (count < section.length) break;
    before += count;
  }
  return { total, at, size: sizeOf(selected, rooms) };
}

/** Returns how many of the first tasks certainly take one line: usually nothing but the selected one is unfolded. */
function plainRows(view: ListView, rooms: Rooms): number {
  if (rooms.size === 0) return view.sections.entries.length;
  const isOnlySelected = rooms.size === 1 && view.selected !== null && rooms.has(view.selected);
  return isOnlySelected ? Math.max(0, selectedPlace(view)) : 0;
}

/** Keeps the selected task off the first and last line, which say what is beyond. */
function topFor(before: number, { total, at, size }: Place, height: number): number {
  const margin = height > 2 ? 1 : 0;
  const block = Math.min(size, Math.max(1, height - 2 * margin));
  const lowest = at + block + margin - height;
  const highest = at <= margin ? 0 : at - margin;
  return clampTop(Math.min(Math.max(before, lowest), highest), total, height);
}

interface Shown {
  readonly line: Line;
  /** The task whose row this is; null for steps and headings. */
  readonly entry: TaskEntry | null;
  readonly tasksBefore: number;
}

function linesBetween(
  view: ListView,
  { rooms, height }: { readonly rooms: Rooms; readonly height: number },
  columns: Columns,
  context: RenderContext,
  { from, to }: { from: number; to: number },
): Shown[] {
  const { sections, selected, marked, isMuted } = view;
  const plain = plainRows(view, rooms);
  const lines: Shown[] = [];
  let at = 0;
  let tasks = 0;
  const put = (make: () => Line, entry: TaskEntry | null) => {
    if (at >= from && at < to) lines.push({ line: make(), entry, tasksBefore: tasks });
    at += 1;
  };
  for (const section of sections.sections) {
    for (const heading of headingLines(section, height, context)) put(() => heading, null);
    const passed = Math.max(0, Math.min(from - at, plain - tasks, section.length));
    at += passed;
    tasks += passed;
    for (let index = passed; index < section.length; index += 1) {
      const entry = section.list[section.from + index];
      if (at >= to || !entry) break;
      const size = sizeOf(entry, rooms);
      if (at + size <= from) {
        at += size;
        tasks += 1;
        continue;
      }
      const look = {
        isSelected: entry.task.id === selected,
        isUnseen: sections.unseen.has(entry),
        isMarked: marked?.has(entry.task.id) ?? false,
        isMuted: isMuted?.(entry) ?? false,
        isSettled: sections.isSettled(entry),
      };
      put(() => taskRow(entry, columns, context, look), entry);
      tasks += 1;
      for (const row of rowsBelow(entry, columns, context, size - 1)) put(() => row, null);
    }
  }
  return lines;
}

/** Replaces the first and last line by summaries of what is beyond them. */
function withMarks(
  lines: readonly Shown[],
  entries: readonly TaskEntry[],
  context: RenderContext,
  beyond: { above: boolean; below: boolean },
): Line[] {
  const shown = lines.map((each) => each.line);
  if (shown.length < 3) return shown;
  const first = lines[0];
  const last = lines.at(-1);
  if (beyond.above && first) {
    const hidden = { from: 0, to: first.tasksBefore + (first.entry ? 1 : 0) };
    shown[0] = beyondLine('up', entries, hidden, context);
  }
  if (beyond.below && last) {
    const hidden = { from: last.tasksBefore, to: entries.length };
    shown[shown.length - 1] = beyondLine('down', entries, hidden, context);
  }
  return shown;
}

/** Beyond this number of tasks, only their number is shown, because the line is drawn at every key. */
const MOST_COUNTED = 5_000;
/** Tasks that have ended well are not worth mentioning. */
const WORTH_TELLING: readonly TaskStatus[] = ['needs-input', 'failed', 'running', 'waiting', 'queued'];
const CALLS: Partial<Record<TaskStatus, Tone>> = { 'needs-input': 'ask', failed: 'bad' };

/**
 * Returns `↓ 22 more · 1 failed · 3 waiting`: how many tasks are out of sight, and which of them are active or in trouble.
 */
function beyondLine(
  direction: 'up' | 'down',
  entries: readonly TaskEntry[],
  { from, to }: { readonly from: number; readonly to: number },
  { ascii, width }: RenderContext,
): Line {
  const hidden = to - from;
  if (hidden <= 0) return moreLine(direction, words`more steps`, ascii);
  const more = moreLine(direction, words`${hidden} more`, ascii);
  const counts: Partial<Counts> = hidden > MOST_COUNTED ? {} : selectCounts(entries.slice(from, to));
  const told = WORTH_TELLING.flatMap((status) => {
    const count = counts[status] ?? 0;
    return count === 0 ? [] : segment(countedStatus(count, status), CALLS[status] ?? 'dim');
  });
  const dot = segment(words` ${signs(ascii).dot} `, 'dim');
  return cutLine([...more.segments, ...told.flatMap((part) => [dot, part])], width, ascii);
}
