import type { ChildProcess } from 'node:child_process';
import { constants } from 'node:os';
import { isUnderNohup } from '../io/nohup.ts';
import { signalThatEnded } from '../io/process-state.ts';
import { processTree, signalProcess } from '../io/process-tree.ts';
import { spawnCommand } from '../io/spawn-command.ts';
import { type Child, type ChildEnd, type ChildOptions, orRefused } from './child.ts';
import { followStopsInGroup } from './follow-stops.ts';
import { forwardSignals } from './forward-signals.ts';
import { terminalState } from './in-background.ts';
import { lendKeys } from './lend-keys.ts';
import { type Outputs, openOutputs, sizeOf } from './outputs.ts';
import { passOn } from './pass-on.ts';
import { isStartable } from './startable.ts';
import { startWitness } from './witness.ts';

/**
 * Starts a command in our own process group, with our standard input and our terminal, if we have one. A shell that interrupts,
 * stops or continues us does the same to the command, and the command may ask at /dev/tty. Only its outputs pass through us.
 */
export async function startPiped(options: ChildOptions): Promise<Child> {
  const { words, io, isQuiet, descriptors } = options;
  const outputs = await openOutputs(io, isQuiet, null);
  const witness = startWitness(); // before the command, which signals may reach at once
  const child = spawnCommand({
    words:
      isUnderNohup(process) && !io.stdin.isTTY && isStartable(words[0] ?? '', io)
        ? ['nohup', ...words]
        : words,
    cwd: io.cwd,
    env: { ...coloursFor(outputs, options), ...io.env },
    stdio: ['inherit', ...outputs.stdio],
    further: new Map(descriptors.map((fd) => [fd, fd])),
    isLeader: false,
  });
  outputs.closeEnds();
  if (child instanceof Error || child.pid === undefined) {
    witness.dispose();
    return unstarted(child, outputs);
  }
  const { pid } = child;
  let signalNumber: number | null = null;
  const [terminal] = outputs.terminals.slice(-1); // that of standard error, if both are terminals
  const keys = terminal && terminalState() === 'foreground' ? lendKeys(terminal, io.clock) : null;
  const passing = passOn(channelsOf(outputs, child, options), {
    ...options,
    clock: io.clock,
    onOutput(piece, stream) {
      keys?.look();
      options.onOutput(piece, stream);
    },
    onEnd() {
      signalNumber ??= signalThatEnded(pid);
    },
  });
  const stopResizing = keepSize(outputs, io.stdout, pid);
  const tree = processTree(pid, { leadsGroup: false, outputs: outputs.identities });
  const signal = orRefused((name) => signalProcess(pid, name), options);
  const signalAll = orRefused((name) => {
    passing.hurry();
    return tree.signal(name);
  }, options);
  const interrupts = forwardSignals({ signal, signalAll }, witness);
  const stopStopping = followStopsInGroup(pid, {
    witness,
    tree,
    passing,
    clock: io.clock,
    signal,
    tidyUp: () => keys?.takeBack(),
  });

  async function untilOver(): Promise<ChildEnd> {
    const end = await exitOf(child as ChildProcess);
    stopStopping();
    stopResizing();
    keys?.stop();
    await passing.finish();
    interrupts.stop();
    witness.dispose();
    const number = end.signal ?? (end.code === 0 ? signalNumber : null);
    return {
      exitCode: number === null ? end.code : null,
      signal: number,
      isInterrupted: interrupts.isInterrupted(),
    };
  }

  return { ended: untilOver(), signal, signalAll };
}

/** Returns a command's channels. If too many files are open, there may be no pipes that can be opened by name. */
function channelsOf({ channels }: Outputs, child: ChildProcess, { io, isQuiet }: ChildOptions) {
  const sockets = [
    { from: child.stdout, to: isQuiet ? null : io.stdout, stream: 'stdout' as const },
    { from: child.stderr, to: isQuiet ? null : io.stderr, stream: 'stderr' as const },
  ];
  return [...channels, ...sockets.flatMap(({ from, ...rest }) => (from ? [{ from, ...rest }] : []))];
}

/** Tells a command to keep its colours if it has pipes in place of terminals, unless one of our outputs shows none. */
function coloursFor({ terminals }: Outputs, { io, isQuiet }: ChildOptions): Record<string, string> {
  const isShown = io.stdout.isTTY && io.stderr.isTTY && !isQuiet && !io.env.NO_COLOR;
  return isShown && terminals.length === 0 ? { FORCE_COLOR: '1', CLICOLOR_FORCE: '1' } : {};
}

/** Gives the command's terminals the size of ours. The command is also told, because it may have asked before they had it. */
function keepSize({ terminals }: Outputs, stdout: NodeJS.WriteStream, pid: number): () => void {
  if (terminals.length === 0) return () => {};
  const resize = async () => {
    await Promise.all(terminals.map((terminal) => terminal.resize(sizeOf(stdout))));
    signalProcess(pid, 'SIGWINCH');
  };
  stdout.on('resize', resize);
  return () => void stdout.off('resize', resize);
}

function exitOf(child: ChildProcess): Promise<{ code: number | null; signal: number | null }> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => resolve({ code, signal: signal && constants.signals[signal] }));
  });
}

/** Returns the system's refusal to start a command. It comes as an event if there was a process for a moment. */
function unstarted(child: ChildProcess | Error, { channels }: Outputs): Child {
  for (const { from } of channels) from.destroy();
  const ended =
    child instanceof Error ? Promise.reject(child) : exitOf(child).then(() => Promise.reject(new Error()));
  return { ended, signal: () => true, signalAll: () => true };
}
