import { closeSync } from 'node:fs';
import { constants } from 'node:os';
import { signalGroup } from '../io/process-group.ts';
import { processTree, signalProcess } from '../io/process-tree.ts';
import { openPseudoTerminal, type PseudoTerminal } from '../io/pseudo-terminal.ts';
import { type Child, type ChildEnd, type ChildOptions, orRefused } from './child.ts';
import { followStops } from './follow-stops.ts';
import { forwardSignals } from './forward-signals.ts';
import { type Outputs, openOutputs, sizeOf } from './outputs.ts';
import { type Passing, passOn } from './pass-on.ts';
import { type SessionChild, startInSession } from './session-leader.ts';
import { openKeys, type TerminalKeys } from './terminal-keys.ts';

/** Whoever sends one of these does not want to wait for the remaining output. */
const ENDING = new Set<NodeJS.Signals>(['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGKILL']);
const SUSPEND_KEY = Buffer.from([0x1a]);

/** What belongs to a command in a terminal. */
interface Parts {
  readonly session: SessionChild;
  readonly terminal: PseudoTerminal;
  readonly keys: TerminalKeys;
  readonly passing: Passing;
}

/**
 * Starts a command in a pseudo-terminal of its own, with this terminal's size, modes and keys. Output that does not go to our
 * terminal, as with `2> file`, goes where it would go without us. Resolves with null if no pseudo-terminal is available.
 */
export async function startInTerminal(options: ChildOptions): Promise<Child | null> {
  const { words, io, descriptors } = options;
  const early: Uint8Array[] = [];
  let type = (bytes: Uint8Array): void => void early.push(bytes);
  const keys = await openKeys(io.stdin, io.clock, (pressed) => type(pressed));
  const terminal = await openPseudoTerminal(sizeOf(io.stdout), keys.modes);
  if (!terminal) {
    keys.close();
    return null;
  }
  const outputs = await openOutputs(io, options.isQuiet, terminal);
  const input = terminal.openEnd();
  keys.take();
  try {
    const session = await startInSession(terminal, {
      words,
      cwd: io.cwd,
      env: io.env,
      stdio: [input, ...outputs.stdio],
      descriptors,
    });
    const passing = pass(outputs, terminal, options);
    const child = childOf({ session, terminal, keys, passing }, options);
    type = child.type;
    for (const keys of early) type(keys);
    return child;
  } catch (error) {
    keys.close();
    for (const { from } of outputs.channels) from.destroy();
    terminal.master.destroy();
    const ended = Promise.reject(error);
    ended.catch(() => {});
    return { ended, signal: () => true, signalAll: () => true };
  } finally {
    closeSync(input);
    outputs.closeEnds();
  }
}

function pass(outputs: Outputs, { master }: PseudoTerminal, { io, ...options }: ChildOptions): Passing {
  const own = { from: master, to: io.stdout, stream: 'terminal' as const };
  return passOn([own, ...outputs.channels], { ...options, clock: io.clock, onEnd() {} });
}

function childOf(parts: Parts, options: ChildOptions): Child & { type(bytes: Uint8Array): void } {
  const { session, terminal, keys, passing } = parts;
  const { io } = options;
  const { pid } = session;
  const tree = processTree(pid, { leadsGroup: true, outputs: [] });
  const signal = orRefused((name) => {
    if (ENDING.has(name)) passing.hurry();
    return signalProcess(pid, name);
  }, options);
  const signalAll = orRefused((name) => {
    passing.hurry();
    return tree.signal(name);
  }, options);
  const stops = followStops({ ...parts, tree, clock: io.clock });
  const forwarding = forwardSignals({ signal, signalAll }, null);
  // The key has reached only the command's group: without this, the scripts that run us would continue.
  let interrupting: Promise<void> = Promise.resolve();
  let isPressed = false;
  keys.onInterrupt((name) => {
    isPressed ||= name === 'SIGINT';
    interrupting = terminal.modes().then((modes) => {
      if (modes?.words.includes('isig')) forwarding.spread(name);
    });
  });
  const hangUp = () => void signalGroup(pid, 'SIGHUP');
  const resize = () => void terminal.resize(sizeOf(io.stdout));
  io.stdin.once('error', hangUp);
  io.stdout.on('resize', resize).once('error', hangUp);

  async function untilOver(): Promise<ChildEnd> {
    try {
      const status = await session.ended;
      await passing.finish();
      await interrupting;
      // Programs that handle the key themselves, as `sudo` does for its own terminal, may then end as if by the signal.
      const isByKey = isPressed && status.signal === constants.signals.SIGINT;
      return { ...status, isInterrupted: isByKey || forwarding.isInterrupted() };
    } finally {
      stops.stop();
      forwarding.stop();
      io.stdin.off('error', hangUp);
      io.stdout.off('resize', resize).off('error', hangUp);
      keys.close();
      terminal.master.destroy();
    }
  }

  return {
    ended: untilOver(),
    signal,
    signalAll,
    type(bytes) {
      if (!session.hasJobControl && SUSPEND_KEY.equals(bytes)) stops.suspend();
      else terminal.master.write(bytes);
    },
  };
}
