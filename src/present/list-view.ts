import type { TaskId } from '../model/id.ts';
import type { Sections } from '../store/sections.ts';
import type { TaskEntry } from '../store/state.ts';

/** What the list shows, and where it stands. */
export interface ListView {
  readonly sections: Sections;
  readonly selected: TaskId | null;
  /** Where it is listed, if somebody knows: a long list is not to be searched for each frame. */
  readonly selectedIndex?: number;
  /** What a person has marked. */
  readonly marked?: ReadonlySet<TaskId>;
  /** Whether nobody is notified of a task. */
  readonly isMuted?: (entry: TaskEntry) => boolean;
  /** What was folded or unfolded by hand. */
  readonly folding: ReadonlyMap<TaskId, 'folded' | 'unfolded'>;
  /** The first line shown the last time. */
  readonly top: number;
  /** Whether the selected task is kept in sight. */
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
