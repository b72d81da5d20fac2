import type { Socket } from 'node:net';
import type { IPty } from '@lydell/node-pty';
import { type Clock, sleep } from '../clock.ts';
import { isBehind, neverBlock } from '../io/output.ts';
import type { ChildOptions } from './child.ts';

/** No output for so long after the command's end means that all is read. */
const QUIET_MS = 50;
/** So much output after its end comes from a daemon that it has left behind. */
const MOST_LEFT_BYTES = 1024 * 1024;
/** Who is in a hurry waits so long for a terminal that takes nothing. */
const STUCK_MS = 1_000;

/** The library's types name text only; without an encoding it hands on bytes. */
interface BytesReader {
  onData(listener: (piece: Buffer) => void): void;
}

/** A command's output on its way from its pseudo-terminal to ours. */
export interface TerminalOutput {
  /** The command is to end: what our terminal does not take is not waited for. */
  hurry(): void;
  /** To be called once the pseudo-terminal is closed; resolves when our terminal has taken everything. */
  close(): Promise<void>;
}

/**
 * Hands a command's output on, never faster than our terminal takes it, and without being blocked where it takes nothing
 * (a scroll lock, a hung connection): signals and requests to cancel are still heard then.
 */
export function passOn(
  terminal: IPty,
  options: {
    readonly stdout: NodeJS.WriteStream;
    readonly stderr: NodeJS.WriteStream;
    readonly clock: Clock;
    readonly onOutput: ChildOptions['onOutput'];
    readonly filter: ChildOptions['filter'];
  },
): TerminalOutput {
  const { stdout, stderr, clock, onOutput, filter } = options;
  let isHurried = false;
  const block = neverBlock(stdout, stderr);
  const isStuck = createStuckWatch(stdout, clock);
  const isTaken = () => !isBehind(stdout) || (isHurried && isStuck());
  (terminal as unknown as BytesReader).onData((piece) => {
    onOutput(piece, 'terminal');
    if (stdout.write(filter ? filter(piece) : piece)) return;
    terminal.pause();
    stdout.once('drain', () => terminal.resume());
  });
  readToTheEnd(terminal, isTaken, clock);
  return {
    hurry() {
      isHurried = true;
    },
    async close() {
      while (!isTaken()) await sleep(clock, QUIET_MS);
      block();
    },
  };
}

/** Tells, when it is asked again and again, whether the terminal has taken nothing for a while. */
function createStuckWatch(stdout: NodeJS.WriteStream, clock: Clock): () => boolean {
  let waiting = 0;
  let since = clock.monotonic();
  return () => {
    if (stdout.writableLength !== waiting) since = clock.monotonic();
    waiting = stdout.writableLength;
    return waiting > 0 && clock.monotonic() - since > STUCK_MS;
  };
}

/**
 * The library lets go of the terminal 200 ms after the command's end, for the sake of systems that never say that all
 * was read. Where our own terminal is slow, that would lose what the command printed last: here it is let go of once
 * nothing comes any more.
 */
function readToTheEnd(terminal: IPty, isTaken: () => boolean, clock: Clock): void {
  const { _socket: socket } = terminal as IPty & { _socket?: Socket };
  if (!socket) return;
  const destroy = socket.destroy.bind(socket);
  let isOver = false;
  let left = 0;
  let leftBefore: number | null = null;
  terminal.onData((piece) => {
    if (isOver) left += piece.length;
  });

  function letGo(): void {
    if ((isTaken() && left === leftBefore) || left > MOST_LEFT_BYTES) return void destroy();
    leftBefore = isTaken() ? left : null;
    clock.after(QUIET_MS, letGo);
  }
  socket.destroy = (error) => {
    if (error) return destroy(error);
    if (!isOver) clock.after(QUIET_MS, letGo);
    isOver = true;
    return socket;
  };
}
