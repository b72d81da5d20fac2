import { existsSync } from 'node:fs';
import { type Clock, sleep } from '../clock.ts';
import { startGuard } from '../io/end-with-us.ts';
import { drained, type GroupEnd, startInGroup, stopGroup } from '../io/group-child.ts';
import { type PlainText, plainName, plainText, words } from '../model/text.ts';
import type { Environment } from '../storage/home.ts';
import { createOutputKeeper } from './output-keeper.ts';
import type { CommandAction } from './types.ts';

/** The outcome of an action. */
export interface ActionOutcome {
  readonly ok: boolean;
  /** Why it failed, on one line; null if it did not. */
  readonly reason: PlainText | null;
  /** The first and last part of what it printed. */
  readonly output: string | null;
  readonly durationMs: number;
}

/** How long after a command's end to read the output of processes that it has left behind, ms. */
const DRAIN_MS = 200;
/** How long a command may take to end after SIGTERM, ms. */
const KILL_AFTER_MS = 2_000;

/**
 * Runs a command to its end, in a process group of its own and without our keys. The whole group ends with the command itself,
 * at its time limit, when `signal` aborts, and when we end for any reason, so that a process left behind does not delay the
 * ledger. Both outputs are kept, in order. Never rejects.
 */
export async function runCommand(
  action: CommandAction,
  env: Environment,
  { clock, signal }: { readonly clock: Clock; readonly signal?: AbortSignal | undefined },
): Promise<ActionOutcome> {
  const { cwd } = action;
  // The system's own error would name the program instead.
  if (cwd !== null && !existsSync(cwd)) return unstarted(`there is no directory ${cwd}`);
  const startedAt = clock.monotonic();
  const output = createOutputKeeper();
  const guard = startGuard();
  const words = typeof action.command === 'string' ? ['/bin/sh', '-c', action.command] : action.command;
  const child = await startInGroup({ words, cwd, env });
  if (child.pid !== undefined) guard.watch(child.pid);
  for (const stream of child.outputs) stream.on('data', output.take);
  const stop = new AbortController();
  const limit = sleep(clock, action.timeoutMs, stop.signal).then(() => 'late' as const);
  const first = await Promise.race([child.ended, limit, aborted(signal, stop.signal)]);
  if (typeof first === 'string') stopGroup(child, clock, KILL_AFTER_MS);
  const end = await child.ended;
  await drained(child.outputs, clock, DRAIN_MS);
  for (const stream of child.outputs) stream.destroy();
  stop.abort();
  child.signal('SIGKILL');
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

function unstarted(why: string): ActionOutcome {
  return { ok: false, reason: notStarted(why), output: null, durationMs: 0 };
}

function notStarted(why: string): PlainText {
  return words`it could not be started: ${plainName(why)}`;
}

function aborted(signal: AbortSignal | undefined, until: AbortSignal): Promise<'aborted'> {
  return new Promise((resolve) => {
    if (signal?.aborted) resolve('aborted');
    signal?.addEventListener('abort', () => resolve('aborted'), { once: true, signal: until });
  });
}

function reasonOf(
  first: GroupEnd | 'late' | 'aborted',
  end: GroupEnd,
  action: CommandAction,
): PlainText | null {
  if (first === 'late') return words`it did not end within ${action.timeoutMs / 1000} s`;
  if (first === 'aborted') return words`it was interrupted`;
  if (end.error) return notStarted(end.error.message);
  if (end.signal) return words`it was ended by ${end.signal}`;
  return end.code === 0 ? null : words`exit code ${end.code ?? 'unknown'}`;
}
