import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import type { Io } from '../../../io/io.ts';
import { directoryForChild } from '../../../io/working-directory.ts';
import { plainName } from '../../../model/text.ts';
import { explainUnstartable, isStartable, startError } from '../../../run/startable.ts';
import { EXIT } from '../../process/exit.ts';
import type { RunOptions } from './options.ts';

/** Set for the process that goes on by itself: what it repeats, and what is not set any more. The command does not see it. */
const DETACHED = '_TASKGLASS_DETACHED';

/** What the one that started us has said to us, and what is passed on to the command. */
export interface Detachment {
  readonly isDetached: boolean;
  /** The id of the run that this one repeats. */
  readonly retryOf?: string;
  /** What was set in the environment of that run, and is not now. */
  readonly isUnset: readonly string[];
  readonly env: Io['env'];
}

/** Reads whether this process goes on without a terminal, and takes the sign of it out of the environment. */
export function readDetachment({ env }: Io): Detachment {
  const { [DETACHED]: sign, ...rest } = env;
  delete process.env[DETACHED];
  const [retryOf = '', ...isUnset] = (sign ?? '').split(' ');
  return { isDetached: sign !== undefined, ...(retryOf === '' ? {} : { retryOf }), isUnset, env: rest };
}

/**
 * Starts the same run in a process of its own, without this terminal, and resolves once it is under way: with its id, or
 * with the exit code and the words with which it was refused.
 */
export async function startDetached(
  command: readonly string[],
  options: RunOptions,
  {
    cwd,
    env,
    retryOf = '',
    isUnset = [],
  }: Pick<Io, 'cwd' | 'env'> & { readonly retryOf?: string; readonly isUnset?: readonly string[] },
): Promise<{ readonly id: string } | { readonly code: number; readonly said: string }> {
  const refusal = refusalOf(command[0] ?? '', { cwd, env });
  if (refusal) return refusal;
  const program = process.argv[1] ?? '';
  const child = spawn(process.execPath, [program, 'run', ...flagsOf(options), '--', ...command], {
    cwd: directoryForChild(cwd),
    env: { ...env, [DETACHED]: [retryOf, ...isUnset].join(' ') },
    detached: true,
    windowsHide: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said = text(child.stderr);
  const ended = once(child, 'close').then(([code]) => ({ code: Number(code ?? EXIT.bug) }));
  const first = await Promise.race([firstLine(child.stdout).then((id) => ({ id })), ended]);
  if ('id' in first && first.id !== null) {
    said.catch(() => {}); // closed with the pipe
    for (const pipe of [child.stdout, child.stderr]) pipe.destroy();
    child.unref();
    return { id: first.id };
  }
  return { ...(await ended), said: await said };
}

/** What cannot be started is said now: afterwards nobody would hear of it. */
function refusalOf(command: string, place: Pick<Io, 'cwd' | 'env'>): { code: number; said: string } | null {
  if (isStartable(command, place)) return null;
  const { why, code } = explainUnstartable(command, startError(command, place), place);
  return { code, said: `taskglass: run: ${plainName(why)}` };
}

/** Lists what the process that goes on is to do as this one was told; it has no terminal or log to print or report to. */
function flagsOf({
  name,
  to = [],
  log,
  progressPattern,
  progress,
  config,
  stay,
  quiet: _quiet,
  status: _status,
  annotations: _annotations,
  detach: _detach,
  ...rest
}: RunOptions): string[] {
  rest satisfies Record<string, never>; // an option that is added later is not forgotten
  return [
    ...(name === undefined ? [] : ['--name', name]),
    ...to.flatMap((target) => ['--to', target]),
    ...(log === false ? ['--no-log'] : []),
    ...(progressPattern === undefined ? [] : ['--progress-pattern', progressPattern]),
    ...(progress === false ? ['--no-progress'] : []),
    ...(stay ? ['--stay'] : []),
    ...(config === undefined ? [] : ['--config', config]),
  ];
}

/** Resolves with null if the stream ends without a line. */
async function firstLine(stream: Readable): Promise<string | null> {
  let read = '';
  for await (const piece of stream.iterator({ destroyOnReturn: false })) {
    read += String(piece);
    if (read.includes('\n')) return read.slice(0, read.indexOf('\n'));
  }
  return null;
}
