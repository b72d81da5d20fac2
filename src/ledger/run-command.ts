import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, existsSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { type Clock, sleep } from '../clock.ts';
import { startGuard } from '../io/end-with-us.ts';
import { signalGroup } from '../io/process-group.ts';
import { openRealPipe, type RealPipe } from '../io/real-pipe.ts';
import { withoutSecrets } from '../io/without-secrets.ts';
import { plainName, plainText } from '../model/text.ts';
import { createOutputKeeper } from './output-keeper.ts';
import type { CommandAction } from './types.ts';

/** How an action went. */
export interface ActionOutcome {
  readonly ok: boolean;
  /** Why not. One line. */
  readonly reason: string | null;
  /** What it printed, the first and last part of it. */
  readonly output: string | null;
  readonly durationMs: number;
}

/** How long after a command's end its output may still come from those that it has left behind. */
const DRAIN_MS = 200;
/** How long a command may take to end after SIGTERM. */
const KILL_AFTER_MS = 2_000;

/**
 * Runs a command to its end, in a process group of its own and without our keys. Its time limit, `signal`, its own end
 * and ours, however that comes, all end the whole group: nobody that it has left behind holds up the ledger. What it
 * prints, to either output, is kept in order. Never rejects.
 */
export async function runCommand(
  action: CommandAction,
  env: Readonly<Record<string, string | undefined>>,
  { clock, signal }: { readonly clock: Clock; readonly signal?: AbortSignal | undefined },
): Promise<ActionOutcome> {
  const startedAt = clock.monotonic();
  const output = createOutputKeeper();
  const guard = startGuard();
  const pipe = await openRealPipe();
  const child = start(action, env, pipe);
  if (pipe) closeSync(pipe.writeEnd);
  if (child instanceof Error) {
    guard.release();
    pipe?.readable.destroy();
    return { ok: false, reason: notStarted(child), output: null, durationMs: 0 };
  }
  if (child.pid !== undefined) guard.watch(child.pid);
  const outputs = pipe ? [pipe.readable] : [child.stdout, child.stderr].filter((stream) => stream !== null);
  for (const stream of outputs) stream.on('data', output.take);
  const stop = new AbortController();
  const ended = endOf(child);
  const limit = sleep(clock, action.timeoutMs, stop.signal).then(() => 'late' as const);
  const first = await Promise.race([ended, limit, aborted(signal, stop.signal)]);
  const end = typeof first === 'string' ? await stopGroup(child, ended, clock) : first;
  await drained(outputs, clock);
  stop.abort();
  signalGroup(child.pid, 'SIGKILL');
  guard.release();
  const reason = reasonOf(first, end, action);
  const text = plainText(output.text());
  return {
    ok: reason === null,
    reason,
    output: text === '' ? null : text,
    durationMs: clock.monotonic() - startedAt,
  };
}

/** How a process ended; `error` where it could not be started. */
interface End {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly error?: Error;
}

/** What no system could take for a command (it is empty, or has a null byte in it) is refused by Node at once. */
function start(
  { command, cwd }: CommandAction,
  env: Readonly<Record<string, string | undefined>>,
  pipe: RealPipe | null,
) {
  const output = pipe?.writeEnd ?? 'pipe';
  // The system would blame the program.
  if (cwd !== null && !existsSync(cwd)) return new Error(`there is no directory ${cwd}`);
  const [program = '', ...args] = typeof command === 'string' ? ['/bin/sh', '-c', command] : command;
  try {
    return spawn(program, args, {
      ...(cwd === null ? {} : { cwd }),
      env: withoutSecrets(env),
      stdio: ['ignore', output, output],
      detached: true,
    });
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

function notStarted(error: Error): string {
  return `it could not be started: ${plainName(error.message)}`;
}

function endOf(child: ChildProcess): Promise<End> {
  return new Promise((resolve) => {
    child.once('error', (error) => resolve({ code: null, signal: null, error }));
    child.once('exit', (code, signal) => resolve({ code, signal }));
  });
}

function aborted(signal: AbortSignal | undefined, until: AbortSignal): Promise<'aborted'> {
  return new Promise((resolve) => {
    if (signal?.aborted) resolve('aborted');
    signal?.addEventListener('abort', () => resolve('aborted'), { once: true, signal: until });
  });
}

/** SIGTERM to all, and SIGKILL to whoever is still there. */
async function stopGroup(child: ChildProcess, ended: Promise<End>, clock: Clock): Promise<End> {
  const stop = new AbortController();
  signalGroup(child.pid, 'SIGTERM');
  const patience = sleep(clock, KILL_AFTER_MS, stop.signal).then(() => signalGroup(child.pid, 'SIGKILL'));
  const end = await ended;
  stop.abort();
  await patience;
  return end;
}

/** Waits for the end of the output, but not for those that only hold the pipes. */
async function drained(streams: readonly Readable[], clock: Clock): Promise<void> {
  const stop = new AbortController();
  const closed = Promise.all(
    streams.map((stream) => stream.closed || new Promise((resolve) => stream.once('close', resolve))),
  );
  await Promise.race([closed, sleep(clock, DRAIN_MS, stop.signal)]);
  stop.abort();
  for (const stream of streams) stream.destroy();
}

function reasonOf(first: End | 'late' | 'aborted', end: End, action: CommandAction): string | null {
  if (first === 'late') return `it did not end within ${action.timeoutMs / 1000} s`;
  if (first === 'aborted') return 'it was interrupted';
  if (end.error) return notStarted(end.error);
  if (end.signal) return `it was ended by ${end.signal}`;
  return end.code === 0 ? null : `exit code ${end.code}`;
}
