import type { ShownEstimate } from '../eta/shown-estimate.ts';
import type { TaskId } from '../model/id.ts';
import type { BandScore } from '../model/run.ts';
import type { NameTask } from './reason.ts';

/** What rows are drawn with, in addition to what they show: the time, and the terminal's properties. */
export interface RenderContext {
  /** Epoch ms. */
  readonly nowMs: number;
  /** Columns of the screen. */
  readonly width: number;
  readonly ascii: boolean;
  /** How long a running task has to be silent before it counts as stalled, in ms. */
  readonly stallAfterMs: number;
  /** The machine's own if absent. */
  readonly timeZone?: string;
  readonly estimate: (id: TaskId, nowMs: number) => ShownEstimate | null;
  /** How well the bands have held so far; null, or absent, if that is unknown. */
  readonly bandScore?: () => BandScore | null;
  /** How a sentence names another task; by its native id if absent. */
  readonly nameTask?: NameTask;
  /** How long such a task has usually taken, in ms; null, or absent, if that is unknown. */
  readonly usualMs?: (id: TaskId) => number | null;
}
