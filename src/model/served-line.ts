import type { z } from 'zod';
import type { CommandOffer } from './command.ts';
import type { SourceDocument, TaskDocument } from './document.ts';
import type { Session, Watched } from './task.ts';

/** A task's document, with what another taskglass needs in addition to show the task as we do. */
export interface ServedTask extends z.infer<typeof TaskDocument> {
  readonly totalSteps: number;
  /** Unlike in the plain document, with their names and the meanings of their status words. */
  readonly sessions: Session[];
  /** When we expect the end, epoch ms of our clock. */
  readonly expectedEndAt: number | null;
  readonly offers: readonly CommandOffer[];
  readonly watched: Watched;
  /** The task is never marked as stalled. */
  readonly mayBeQuiet: boolean;
  /** The taskglasses that passed it on, with this one first. */
  readonly via: readonly string[];
  /** The source's own document, unsanitised; null if it is too long, or not meant for this listener. */
  readonly raw: unknown;
}

/**
 * One server-sent event of `/events`, for another taskglass: a line of `--json` with more about each task. `serve` writes
 * these, `sources/attach` reads them.
 */
export type ServedLine =
  /** The parts, from 0 to the one with `isLast`, make up the snapshot; a task that none of them lists is gone. */
  | {
      readonly type: 'snapshot';
      readonly version: 1;
      readonly part: number;
      readonly isLast: boolean;
      readonly sources: readonly z.infer<typeof SourceDocument>[];
      readonly tasks: readonly ServedTask[];
    }
  | { readonly type: 'task'; readonly task: ServedTask }
  | { readonly type: 'removed'; readonly id: string }
  | { readonly type: 'source'; readonly source: z.infer<typeof SourceDocument> }
  | { readonly type: 'source-removed'; readonly id: string };

/** The schemas by which a reader checks some fields of `T`, and none that `T` does not have. */
export type FieldsOf<T> = Partial<Record<keyof T, z.ZodType>>;
