import type { ShownEstimate } from '../eta/shown-estimate.ts';
import type { TaskId } from '../model/id.ts';
import type { BandScore } from '../model/run.ts';
import type { NameTask } from './reason.ts';

/** What rows are drawn with, beside what they show: the moment, and how this terminal wants things. */
export interface RenderContext {
  /** Epoch ms. */
  readonly nowMs: number;
  /** Columns of the screen. */
  readonly width: number;
  readonly ascii: boolean;
  /** The least silence that makes a running task stalled, ms. */
  readonly stallAfterMs: number;
  /** The machine's own where absent. */
  readonly timeZone?: string;
  readonly estimate: (id: TaskId, nowMs: number) => ShownEstimate | null;
  /** How well the bands have held so far; null, or absent, if that is not known. */
  readonly bandScore?: () => BandScore | null;
  /** How a sentence names another task; by its native id if absent. */
  readonly nameTask?: NameTask;
  /** How long such a task has usually taken, ms; null, or absent, if that is not known. */
  readonly usualMs?: (id: TaskId) => number | null;
}
