import { z } from 'zod';

/** What one line says of all tasks together: the document of `taskglass status --format json`. */
export const StatusFigures = z.object({
  version: z.literal(1),
  /** How many wait for a person: they need input, or what an agent has completed is for review. */
  needsYou: z.int(),
  needsInput: z.int(),
  review: z.int(),
  running: z.int(),
  stalled: z.int(),
  waiting: z.int(),
  queued: z.int(),
  /** What was dismissed does not count. */
  failed: z.int(),
  completed: z.int(),
  cancelled: z.int(),
  /** `done in ~12m`, or `all done at 16:42`; empty if nothing is known. */
  done: z.string(),
  /** What needs somebody, the longest waiting first: at most ten. */
  asking: z.array(z.object({ id: z.string(), name: z.string(), why: z.string() })),
});
export type StatusFigures = z.infer<typeof StatusFigures>;
