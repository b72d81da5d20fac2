import type { TaskId } from '../model/id.ts';
import type { TaskEntry } from '../store/state.ts';
import { linesBelow } from './below.ts';
import { type ListView, selectedPlace } from './list-view.ts';
import { headingsSize } from './section-title.ts';

/** No task unfolds further automatically, because a list is for skimming. */
const MOST_BY_ITSELF = 8;
/** A single step says no more than the task's own row does. */
const LEAST = 2;
/** Reserved for the selected task if it is not running, so that the others do not change as the selection moves. */
const KEPT_FOR_SELECTED = 4;
/** In a list that has to scroll, a selected task unfolds over at most this share of it. */
const SHARE_WHEN_SCROLLING = 1 / 3;

/**
 * Returns how many lines the steps (or sessions) of each unfolded task may take. Tasks that were unfolded by hand take up to
 * the height of the list; the running ones and the selected one unfold automatically into the lines that are free. In a list
 * that has to scroll, only the selected one does, over at most a third of it.
 */
export function unfoldings(
  view: Omit<ListView, 'top' | 'follows'>,
  height: number,
): ReadonlyMap<TaskId, number> {
  const rooms = byHand(view, height);
  const headings = headingsSize(view.sections.sections, height);
  const taken = [...rooms.values()].reduce((sum, room) => sum + room, 0);
  const free = height - view.sections.entries.length - headings - taken;
  const selected = view.sections.entries[selectedPlace(view)];

  const mayUnfold = (entry: TaskEntry) => linesBelow(entry.task) > 0 && !view.folding.has(entry.task.id);
  if (free <= 0) {
    const room = Math.floor(height * SHARE_WHEN_SCROLLING);
    if (selected && mayUnfold(selected) && room >= LEAST)
      rooms.set(selected.task.id, roomFor(selected, room));
    return rooms;
  }
  const isSelectedRunning = selected?.task.state.status === 'running';
  const kept = isSelectedRunning ? 0 : Math.min(KEPT_FOR_SELECTED, Math.floor(free / 3));
  const running = view.sections.entries.filter((entry) => entry.task.state.status === 'running');
  const left = kept + share(running.filter(mayUnfold), free - kept, rooms);
  if (selected && !isSelectedRunning && mayUnfold(selected) && left > 0) {
    rooms.set(selected.task.id, roomFor(selected, Math.min(left, MOST_BY_ITSELF)));
  }
  return rooms;
}

function byHand(
  { sections, folding }: Pick<ListView, 'sections' | 'folding'>,
  height: number,
): Map<TaskId, number> {
  const rooms = new Map<TaskId, number>();
  if (folding.size === 0) return rooms;
  for (const entry of sections.entries) {
    if (folding.get(entry.task.id) !== 'unfolded' || linesBelow(entry.task) === 0) continue;
    rooms.set(entry.task.id, roomFor(entry, Math.max(1, height - 3)));
  }
  return rooms;
}

/** Gives each task, in order, its fair share of the rest, or more if the later ones need less. Returns what remains. */
function share(entries: readonly TaskEntry[], free: number, rooms: Map<TaskId, number>): number {
  let left = free;
  let others = entries.reduce((sum, entry) => sum + wanted(entry), 0);
  for (const [index, entry] of entries.entries()) {
    others -= wanted(entry);
    const fair = Math.max(LEAST, Math.floor(left / (entries.length - index)));
    const room = Math.min(left, wanted(entry), Math.max(fair, left - others));
    if (room < Math.min(LEAST, wanted(entry))) return left;
    rooms.set(entry.task.id, roomFor(entry, room));
    left -= room;
  }
  return left;
}

function wanted({ task }: TaskEntry): number {
  return Math.min(linesBelow(task), MOST_BY_ITSELF);
}

function roomFor(entry: TaskEntry, room: number): number {
  return Math.max(1, Math.min(linesBelow(entry.task), room));
}
