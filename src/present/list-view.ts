import type { TaskId } from '../model/id.ts';
import type { Sections } from '../store/sections.ts';

/** What the list shows, and where it stands. */
export interface ListView {
  readonly sections: Sections;
  readonly selected: TaskId | null;
  /** What a person has marked. */
  readonly marked?: ReadonlySet<TaskId>;
  /** What was folded or unfolded by hand. */
  readonly folding: ReadonlyMap<TaskId, 'folded' | 'unfolded'>;
  /** The first line shown the last time. */
  readonly top: number;
  /** Whether the selected task is kept in sight. */
  readonly follows: boolean;
}
