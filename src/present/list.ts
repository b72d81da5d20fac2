import type { TaskId } from '../model/id.ts';
import { words } from '../model/text.ts';
import type { TaskEntry } from '../store/state.ts';
import { rowsBelow } from './below.ts';
import type { Columns } from './columns.ts';
import type { Line } from './line.ts';
import type { ListView } from './list-view.ts';
import type { RenderContext } from './render-context.ts';
import { taskRow } from './row.ts';
import { clampTop, moreLine, type Scrolled } from './scroll.ts';
import { headingLines, headingSize, headingsSize } from './section-title.ts';
import { unfoldings } from './unfold.ts';

/**
 * Returns the list in at most `height` lines. If the view follows the selected task, it is scrolled no further than
 * needed to show it.
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
  return {
    lines: withMarks(shown, context.ascii, { above: top > 0, below: top + height < place.total }),
    top,
  };
}

interface Place {
  /** All lines there are. */
  readonly total: number;
  /** The selected task's own line, and how many it takes with its steps. */
  readonly at: number;
  readonly size: number;
}

/** How many lines the steps of each unfolded task take; see `unfoldings`. */
type Rooms = ReadonlyMap<TaskId, number>;

function sizeOf(entry: TaskEntry, rooms: Rooms): number {
  return 1 + (rooms.get(entry.task.id) ?? 0);
}

function measure(
  { sections: { sections, entries }, selected }: ListView,
  rooms: Rooms,
  height: number,
): Place {
  const unfolded = [...rooms.values()].reduce((sum, room) => sum + room, 0);
  const total = entries.length + headingsSize(sections, height) + unfolded;
  let at = 0;
  for (const section of sections) {
    at += headingSize(section, height);
    for (const entry of section.entries) {
      if (entry.task.id === selected) return { total, at, size: sizeOf(entry, rooms) };
      at += rooms.size === 0 ? 1 : sizeOf(entry, rooms);
    }
  }
  return { total, at: 0, size: 1 };
}

/** Keeps the selected task off the first and last line, which tell what is beyond. */
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
  { sections, selected, marked }: ListView,
  { rooms, height }: { readonly rooms: Rooms; readonly height: number },
  columns: Columns,
  context: RenderContext,
  { from, to }: { from: number; to: number },
): { lines: Shown[]; tasks: number } {
  const lines: Shown[] = [];
  let at = 0;
  let tasks = 0;
  const put = (make: () => Line, entry: TaskEntry | null) => {
    if (at >= from && at < to) lines.push({ line: make(), entry, tasksBefore: tasks });
    at += 1;
  };
  for (const section of sections.sections) {
    for (const heading of headingLines(section, height, context)) put(() => heading, null);
    for (const entry of section.entries) {
      if (at >= to) break;
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
        isSettled: sections.isSettled(entry),
      };
      put(() => taskRow(entry, columns, context, look), entry);
      tasks += 1;
      for (const row of rowsBelow(entry, columns, context, size - 1)) put(() => row, null);
    }
  }
  return { lines, tasks: sections.entries.length };
}

/** Replaces the first and last line by the number of tasks beyond them. */
function withMarks(
  { lines, tasks }: { lines: Shown[]; tasks: number },
  ascii: boolean,
  beyond: { above: boolean; below: boolean },
): Line[] {
  const shown = lines.map((each) => each.line);
  if (shown.length < 3) return shown;
  const first = lines[0];
  const last = lines.at(-1);
  if (beyond.above && first) {
    shown[0] = moreLine('up', words`${first.tasksBefore + (first.entry ? 1 : 0)} more`, ascii);
  }
  if (beyond.below && last) {
    const below = tasks - last.tasksBefore;
    shown[shown.length - 1] = moreLine('down', below > 0 ? words`${below} more` : words`more steps`, ascii);
  }
  return shown;
}
