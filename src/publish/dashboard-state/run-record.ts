import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { z } from 'zod';
import { replaceFile } from '../../io/atomic-file.ts';
import { parseJson } from '../../io/json-text.ts';
import { closing } from '../../storage/closing.ts';
import { mayBeRecord, recordPathOf } from './run-record-file.ts';

const RunRecordSchema = z.object({
  /** The program and its arguments. */
  argv: z.tuple([z.string().min(1)], z.string()),
  cwd: z.string(),
  title: z.string(),
  /** The names of the variables in the environment; the values may be secret, and are not kept. */
  env: z.array(z.string()),
  /** How it was to be watched, if not in the usual way. */
  options: z
    .object({
      log: z.boolean(),
      progress: z.boolean(),
      progressPattern: z.string(),
      config: z.string(),
    })
    .partial()
    .optional(),
});

/** How a run was started, kept for its user alone, so that it can be run again. */
export type RunRecord = z.infer<typeof RunRecordSchema>;

/** Rejects with the system's error. */
export async function writeRunRecord(statePath: string, record: RunRecord): Promise<void> {
  const options = { mode: 0o600, synchronised: 'whenever' } as const;
  await replaceFile(recordPathOf(statePath), `${JSON.stringify(record)}\n`, options);
}

/**
 * Reads how a run was started; null if that is not known, or if anybody but this user may have written the record, because what
 * it says is run.
 */
export async function readRunRecord(statePath: string): Promise<RunRecord | null> {
  const { O_RDONLY, O_NOFOLLOW = 0, O_NONBLOCK = 0 } = constants;
  try {
    await using handle = closing(await open(recordPathOf(statePath), O_RDONLY | O_NOFOLLOW | O_NONBLOCK));
    if (!mayBeRecord(await handle.stat())) return null;
    const parsed = parseJson((await handle.readFile()).toString());
    const read = RunRecordSchema.safeParse('value' in parsed ? parsed.value : null);
    return read.success ? read.data : null;
  } catch {
    return null;
  }
}
