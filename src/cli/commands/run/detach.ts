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

/**
 * Set for the detached process: the run that it repeats, and the variables that are no longer set. The command does not see
 * it.
 */
const DETACHED = '_TASKGLASS_DETACHED';

/** What the process that started this one has passed on, and the environment for the command. */
export interface Detachment {
  readonly isDetached: boolean;
  /** The id of the run that this one repeats. */
  readonly retryOf?: string;
  /** Variables that were set for that run, but are not set now. */
  readonly isUnset: readonly string[];
  readonly env: Io['env'];
}

/** Reads whether this process runs detached, and removes the sign of it from the environment. */
export function readDetachment({ env }: Io): Detachment {
  const { [DETACHED]: sign, ...rest } = env;
  delete process.env[DETACHED];
  const [retryOf = '', ...isUnset] = (sign ?? '').split(' ');
  return { isDetached: sign !== undefined, ...(retryOf === '' ? {} : { retryOf }), isUnset, env: rest };
}

/**
 * Starts the same run in a process of its own, without this terminal. Resolves once it has started: with its id, or with the
 * exit code and the message of its refusal.
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
    said.catch(() => {}); // closed together with the pipe
    for (const pipe of [child.stdout, child.stderr]) pipe.destroy();
    child.unref();
    return { id: first.id };
  }
  return { ...(await ended), said: await said };
}

/** Explains at once why a command cannot be started: the detached process could tell nobody. */
function refusalOf(command: string, place: Pick<Io, 'cwd' | 'env'>): { code: number; said: string } | null {
  if (isStartable(command, place)) return null;
  const { why, code } = explainUnstartable(command, startError(command, place), place);
  return { code, said: `taskglass: run: ${plainName(why)}` };
}

/** Returns the options to pass on to the detached process. It has no terminal to print or report to. */
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
  rest satisfies Record<string, never>; // makes the compiler notice an option that is added later
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
