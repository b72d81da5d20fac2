import type { TaskId } from '../model/id.ts';
import type { Sections } from '../store/sections.ts';
import type { TaskEntry } from '../store/state.ts';

/** What the list shows, and its position. */
export interface ListView {
  readonly sections: Sections;
  readonly selected: TaskId | null;
  /** Where the selected task is listed, if that is known, so that a long list need not be searched in each frame. */
  readonly selectedIndex?: number;
  /** The tasks that a person has marked. */
  readonly marked?: ReadonlySet<TaskId>;
  /** Whether notifications of a task are muted. */
  readonly isMuted?: (entry: TaskEntry) => boolean;
  /** What was folded or unfolded by hand. */
  readonly folding: ReadonlyMap<TaskId, 'folded' | 'unfolded'>;
  /** The first line shown in the last frame. */
  readonly top: number;
  /** Whether the list scrolls to keep the selected task visible. */
  readonly follows: boolean;
}

/** Returns where the selected task is listed; -1 if it is not. */
export function selectedPlace({
  sections: { entries },
  selected,
  selectedIndex = -1,
}: Pick<ListView, 'sections' | 'selected' | 'selectedIndex'>): number {
  if (selected === null || entries[selectedIndex]?.task.id === selected)
    return selected === null ? -1 : selectedIndex;
  return entries.findIndex((entry) => entry.task.id === selected);
}
