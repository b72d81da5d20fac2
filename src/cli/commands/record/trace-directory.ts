import { lstat, readdir } from 'node:fs/promises';
import path from 'node:path';
import { replaceFile } from '../../../io/atomic-file.ts';
import { readWhole } from '../../../io/read-file.ts';
import { findWriteTarget } from '../../../io/write-target.ts';
import type { FinishedRun } from '../../../model/run.ts';
import { makeDirectory } from '../../../storage/make-directory.ts';
import { decodeTraceHead, encodeTrace, type Naming } from './trace.ts';

/** A directory to which traces are added. */
export interface TraceDirectory {
  /** Writes a run; resolves with null if it had been written before. Rejects with the system's error. */
  write(run: FinishedRun): Promise<{ readonly name: string } | null>;
}

const SUFFIX = '.ndjson';

/**
 * Opens or makes a directory of traces. Runs that it already contains are not recorded again. Rejects with the system's
 * error.
 */
export async function openTraceDirectory(
  directory: string,
  naming: Naming,
  origin: string,
): Promise<TraceDirectory> {
  await findWriteTarget(path.join(directory, SUFFIX)); // so that no directory is made through somebody else's link
  await makeDirectory(directory, 0o755);
  const lastRuns = new Map<string, number>();
  const recorded = new Set<string>();
  for (const name of await readdir(directory)) {
    if (!name.endsWith(SUFFIX)) continue;
    const found = await readWhole(path.join(directory, name));
    const head = 'bytes' in found ? decodeTraceHead(found.bytes.toString()) : null;
    if (!head) continue;
    recorded.add(head.recorded);
    lastRuns.set(head.job, Math.max(head.run, lastRuns.get(head.job) ?? 0));
  }

  return {
    async write(run) {
      const id = naming.run(run);
      if (recorded.has(id)) return null;
      recorded.add(id);
      const job = naming.job(run.job.name);
      const nameOf = (number: number) => `${slug(job)}-${id.slice(0, 6)}-${number}`;
      let number = (lastRuns.get(job) ?? 0) + 1;
      // Any other file with such a name is somebody else's.
      while (await isThere(path.join(directory, nameOf(number) + SUFFIX))) number += 1;
      lastRuns.set(job, number);
      const trace = nameOf(number);
      const steps = run.job.steps.map((step) => naming.step(step));
      const head = { trace, job, run: number, steps, origin, recorded: id };
      await replaceFile(path.join(directory, trace + SUFFIX), encodeTrace(head, run));
      return { name: trace + SUFFIX };
    },
  };
}

function isThere(file: string): Promise<boolean> {
  return lstat(file).then(
    () => true,
    () => false,
  );
}

function slug(text: string): string {
  return (
    text
      .replace(/[^a-z0-9]+/giu, '-')
      .replace(/^-|-$/gu, '')
      .slice(0, 40) || 'job'
  );
}
