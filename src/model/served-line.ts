import type { z } from 'zod';
import type { CommandOffer } from './command.ts';
import type { SourceDocument, TaskDocument } from './document.ts';
import type { Session, Watched } from './task.ts';

/** A task's document with what another taskglass needs beyond it, to show the task as we do. */
export interface ServedTask extends z.infer<typeof TaskDocument> {
  readonly totalSteps: number;
  /** With their names, and what their words come to. */
  readonly sessions: Session[];
  /** When we expect the end, epoch ms of our clock. */
  readonly expectedEndAt: number | null;
  readonly offers: readonly CommandOffer[];
  readonly watched: Watched;
  /** Nothing follows from its silence. */
  readonly mayBeQuiet: boolean;
  /** The taskglasses that it came by, we first. */
  readonly via: readonly string[];
  /** The source's own document, with whatever lies in it; null if it is too long, or not for this listener. */
  readonly raw: unknown;
}

/**
 * One server-sent event of `/events`, for another taskglass: the lines of `--json` with more to each task. `serve` writes
 * them, `sources/attach` reads them.
 */
export type ServedLine =
  /** Parts 0 to the last one make the snapshot; what none of them lists is gone. */
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
  | { readonly type: 'source'; readonly source: z.infer<typeof SourceDocument> };

/** The schemas with which a reader takes some fields of `T`, and none that `T` does not have. */
export type FieldsOf<T> = Partial<Record<keyof T, z.ZodType>>;
