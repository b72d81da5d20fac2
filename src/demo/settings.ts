import type { Readable } from 'node:stream';
import { z } from 'zod';

/** The settings of a worker, which it gets as one line on its standard input: a command line must not contain keys. */
export type WorkerSettings = z.infer<typeof WorkerSettingsSchema>;

const WorkerSettingsSchema = z.object({
  relayUrl: z.url(),
  /** The worker's own signing key, hex. */
  secretKey: z.string().regex(/^[0-9a-f]{64}$/u),
  directory: z.string(),
  statePath: z.string(),
  breakdownPath: z.string(),
  /** Whether there is more work after the first round. */
  isEndless: z.boolean(),
});

/** Short compared with the demo's stall threshold, so that only real silence is marked. */
export const REPORT_EVERY_MS = 800;

/** A worker's settings, and a signal that aborts when the worker is to end, or its parent is gone. */
export interface WorkerContext {
  readonly settings: WorkerSettings;
  readonly signal: AbortSignal;
}

/**
 * Reads the line with the settings. The input stays open as long as the parent lives: `gone` aborts when it ends, however the
 * parent ended.
 */
export function readSettings(input: Readable): { settings: Promise<WorkerSettings>; gone: AbortSignal } {
  const gone = new AbortController();
  const { promise, resolve, reject } = Promise.withResolvers<WorkerSettings>();
  let text = '';
  input.setEncoding('utf8');
  input.on('data', (chunk: string) => {
    text += chunk;
    const end = text.indexOf('\n');
    if (end === -1) return;
    try {
      resolve(WorkerSettingsSchema.parse(JSON.parse(text.slice(0, end))));
    } catch (error) {
      reject(error);
    }
  });
  for (const ending of ['end', 'close', 'error'])
    input.once(ending, () => {
      gone.abort('the parent is gone');
      reject(new Error('no settings came'));
    });
  return { settings: promise, gone: gone.signal };
}
