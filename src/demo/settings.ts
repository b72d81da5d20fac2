import type { Readable } from 'node:stream';
import { z } from 'zod';

/** What a worker of the demo is told on its standard input, in one line: keys never stand in a command line. */
export type WorkerSettings = z.infer<typeof WorkerSettingsSchema>;

const WorkerSettingsSchema = z.object({
  relayUrl: z.url(),
  /** The worker's own signing key, hex. */
  secretKey: z.string().regex(/^[0-9a-f]{64}$/u),
  directory: z.string(),
  statePath: z.string(),
  breakdownPath: z.string(),
  /** Does it go on offering work after the first round? */
  isEndless: z.boolean(),
});

/** Often enough that the demo's short stall threshold means something. */
export const REPORT_EVERY_MS = 800;

/** What a worker has: its settings, and a signal that aborts when it is told to end, or its parent is gone. */
export interface WorkerContext {
  readonly settings: WorkerSettings;
  readonly signal: AbortSignal;
}

/**
 * Reads the settings' line. The input stays open as long as the parent lives: its end, however the parent came to
 * its own, is what `gone` tells.
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
