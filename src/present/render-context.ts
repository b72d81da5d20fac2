import type { ShownEstimate } from '../eta/shown-estimate.ts';
import type { TaskId } from '../model/id.ts';
import type { BandScore } from '../model/run.ts';
import type { PlainText } from '../model/text.ts';

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
  /** The name of a task that others wait for still; null, or absent, if it is not known, or has ended. */
  readonly awaitedName?: (id: TaskId) => PlainText | null;
  /** How long such a task has usually taken, ms; null, or absent, if that is not known. */
  readonly usualMs?: (id: TaskId) => number | null;
}
