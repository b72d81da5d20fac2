import { z } from 'zod';

/** What `taskglass doctor --json` prints. */
export const DoctorReport = z.object({
  version: z.literal(1),
  /** How many findings have the status `problem`: something does not work. */
  problems: z.int().min(0),
  /** How many have the status `warning`: something could be better. */
  warnings: z.int().min(0),
  checks: z.array(
    z.object({
      /** What was checked, in one word. A check may have several findings, or none. */
      name: z.string(),
      status: z.enum(['ok', 'warning', 'problem']),
      /** What was found. One line. */
      message: z.string(),
      /** What to do about it; null if nothing needs doing. */
      hint: z.string().nullable(),
    }),
  ),
});
export type DoctorReport = z.infer<typeof DoctorReport>;
