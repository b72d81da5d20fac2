import type { Readable } from 'node:stream';
import { type Clock, sleep } from '../clock.ts';
import type { Environment } from '../storage/home.ts';
import { startGuard } from './end-with-us.ts';
import { drained, stopGroup } from './group-child.ts';
import { signalGroup } from './process-group.ts';
import { spawnCommand } from './spawn-command.ts';

/** What a program answered. `stdout` and `stderr` are unsanitised. */
export type CommandAnswer =
  | {
      readonly kind: 'ended';
      readonly code: number | null;
      readonly signal: NodeJS.Signals | null;
      readonly stdout: string;
      readonly stderr: string;
    }
  /** There is no such program on PATH, or it may not be started. `code` is the system's (ENOENT, EACCES). */
  | { readonly kind: 'not-started'; readonly code: string }
  | { readonly kind: 'too-slow'; readonly limitMs: number }
  | { readonly kind: 'too-long'; readonly limitBytes: number }
  | { readonly kind: 'aborted' };

/** A program to run, and its limits. */
export interface Question {
  /** The program, found on PATH, and its arguments. No shell reads them. */
  readonly words: readonly string[];
  /** Its environment, from which our secrets are removed. */
  readonly env: Environment;
  /** Ours if absent. */
  readonly cwd?: string;
  /** 10 s if absent. */
  readonly limitMs?: number;
  /** How much it may print to each output; 16 MiB if absent. */
  readonly limitBytes?: number;
  /** Its standard input; empty if absent. */
  readonly input?: string;
}

const USUAL_LIMIT_MS = 10_000;
const USUAL_LIMIT_BYTES = 16 * 1024 * 1024;
/** How long a program may take to end after SIGTERM, ms. */
const KILL_AFTER_MS = 1_000;
/** How long after a program's end to read the output of processes that it has left behind, ms. */
const DRAIN_MS = 200;

/**
 * Runs a program and waits for everything that it prints. It gets no input but ours, so that it cannot wait for a login, and a
 * process group of its own, which is ended at the time limit, at the output limit, by `signal` and with us. Never rejects.
 */
export async function askCommand(
  question: Question,
  { clock, signal }: { readonly clock: Clock; readonly signal: AbortSignal },
): Promise<CommandAnswer> {
  if (signal.aborted) return { kind: 'aborted' };
  const { words, env, cwd, limitMs = USUAL_LIMIT_MS, limitBytes = USUAL_LIMIT_BYTES } = question;
  const child = spawnCommand({
    words,
    env,
    ...(cwd !== undefined && { cwd }),
    stdio: [question.input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
    isLeader: true,
  });
  if (child instanceof Error) return notStarted(child);
  const guard = startGuard();
  if (child.pid !== undefined) guard.watch(child.pid);
  child.stdin?.on('error', () => {}); // it need not read
  child.stdin?.end(question.input);
  const over = new AbortController();
  const [stdout, stderr] = [child.stdout, child.stderr].map((stream) => collect(stream, limitBytes));
  const ended = new Promise<CommandAnswer>((resolve) => {
    child.once('error', (error) => resolve(notStarted(error)));
    child.once('exit', (code, by) => resolve({ kind: 'ended', code, signal: by, stdout: '', stderr: '' }));
  });
  const first = await Promise.race<CommandAnswer>([
    ended,
    sleep(clock, limitMs, over.signal).then(() => ({ kind: 'too-slow', limitMs })),
    whenAborted(signal, over.signal),
    ...[stdout, stderr].map((output) => output?.whenFull ?? new Promise<never>(() => {})),
  ]);
  over.abort();
  const group = { ended, signal: (name: NodeJS.Signals) => signalGroup(child.pid, name) };
  if (first.kind !== 'ended' && first.kind !== 'not-started') stopGroup(group, clock, KILL_AFTER_MS);
  else await drained(outputsOf(child), clock, DRAIN_MS);
  await ended;
  for (const stream of outputsOf(child)) stream.destroy();
  group.signal('SIGKILL');
  guard.release();
  if (first.kind !== 'ended') return first;
  return { ...first, stdout: stdout?.text() ?? '', stderr: stderr?.text() ?? '' };
}

function outputsOf(child: {
  readonly stdout: Readable | null;
  readonly stderr: Readable | null;
}): Readable[] {
  return [child.stdout, child.stderr].filter((stream) => stream !== null);
}

/** Collects what a program prints, up to the limit. */
function collect(stream: Readable | null, limitBytes: number) {
  const pieces: Buffer[] = [];
  let size = 0;
  const whenFull = new Promise<CommandAnswer>((resolve) => {
    stream?.on('error', () => {});
    stream?.on('data', (piece: Buffer) => {
      size += piece.length;
      if (size <= limitBytes) pieces.push(piece);
      else resolve({ kind: 'too-long', limitBytes });
    });
  });
  return { whenFull, text: () => Buffer.concat(pieces).toString('utf8') };
}

function whenAborted(signal: AbortSignal, over: AbortSignal): Promise<CommandAnswer> {
  return new Promise((resolve) => {
    const abort = () => resolve({ kind: 'aborted' });
    signal.addEventListener('abort', abort, { once: true, signal: over });
  });
}

function notStarted(error: Error): CommandAnswer {
  return { kind: 'not-started', code: (error as NodeJS.ErrnoException).code ?? error.message };
}
