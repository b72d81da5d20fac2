import { type Clock, endsWithin, sleep } from '../clock.ts';
import { isBehind } from '../io/output.ts';
import type { ChildOptions } from './child.ts';
import type { Channel } from './outputs.ts';

/**
 * Too short for a reader to notice, but a command that writes line by line then causes far fewer writes than it prints lines.
 */
const GATHER_MS = 10;
/** A piece of this size is passed on as it is: joining it with others would copy all of a flood. */
const GATHERED_BYTES = 32 * 1024;
/** Smaller pieces may share their memory with others. */
const FREED_BYTES = 16 * 1024;
/**
 * If nothing arrives for this long after the command's end, everything has been read. A pipe needs at least the longer time.
 */
const QUIET_MS = 50;
const PIPE_QUIET_MS = 500;
/** A stopped command prints nothing more, but processes that it has left behind may. */
const MOST_LOOKS = 10;
/** This much output after the end comes from a daemon that the command has left behind. */
const MOST_LEFT_BYTES = 1024 * 1024;
/** Somebody in a hurry waits no longer than this for a terminal that accepts nothing. */
const STUCK_MS = 1_000;

/** Outputs on their way from a command to ours. */
export interface Passing {
  /** The command is to end: output that our terminal does not accept is not waited for. */
  hurry(): void;
  /** Resolves when everything printed so far has been passed on, or our outputs accept nothing. */
  settle(): Promise<void>;
  /**
   * Call this at the command's end. Resolves when everything that it printed has been passed on. Processes that it has left
   * behind may hold its outputs open, but are not waited for.
   */
  finish(): Promise<void>;
}

type Options = Pick<ChildOptions, 'onOutput' | 'filter'> & {
  readonly clock: Clock;
  /** Called when all of a channel has been read. */
  readonly onEnd: () => void;
};

/** Passes outputs on, never faster than ours accept them. */
export function passOn(channels: readonly Channel[], options: Options): Passing {
  const { clock } = options;
  const copies = channels.map((channel) => startCopy(channel, options));
  const terminals = [...new Set(channels.map(({ to }) => to))].filter((to) => to?.isTTY);
  const stuck = terminals.map((to) => createStuckWatch(to as NodeJS.WriteStream, clock));
  let isHurried = false;
  const isTaken = () =>
    terminals.every((to, index) => !isBehind(to as NodeJS.WriteStream) || (isHurried && stuck[index]?.()));
  const bytesRead = () => copies.reduce((sum, copy) => sum + copy.bytesRead(), 0);
  const closed = Promise.all(copies.map((copy) => copy.ended));
  let isOver = false;
  closed.then(() => {
    isOver = true;
  });

  return {
    hurry() {
      isHurried = true;
    },
    async settle() {
      let before = -1;
      for (let look = 0; look < MOST_LOOKS && !(isTaken() && bytesRead() === before); look += 1) {
        before = bytesRead();
        await sleep(clock, 2 * GATHER_MS);
      }
    },
    async finish() {
      const quietMs = channels.every(({ to }) => to?.isTTY) ? QUIET_MS : PIPE_QUIET_MS;
      const atEnd = bytesRead();
      let before = -1;
      let quietSince = clock.monotonic();
      while (!(isOver && isTaken())) {
        const isStill = isTaken() && bytesRead() === before;
        if (!isStill) quietSince = clock.monotonic();
        if (isStill && clock.monotonic() - quietSince >= quietMs) break;
        if (isTaken() && bytesRead() - atEnd > MOST_LEFT_BYTES) break;
        before = bytesRead();
        if (isOver) await sleep(clock, QUIET_MS);
        else await endsWithin(clock, QUIET_MS, closed);
      }
      for (const { from } of channels) from.destroy();
    },
  };
}

/**
 * Copies one output, gathered for a moment unless it goes to a terminal. If `to` accepts nothing any more, `from` is closed, so
 * that the command's next write fails, as it would without us.
 */
function startCopy({ from, to, stream }: Channel, { onOutput, filter, clock, onEnd }: Options) {
  const shown = to?.isTTY && filter ? filter : (piece: Buffer) => piece;
  let pieces: Buffer[] = [];
  let gathered = 0;
  let total = 0;
  let stopTimer: (() => void) | null = null;

  function flush(): void {
    stopTimer?.();
    stopTimer = null;
    const [first] = pieces;
    const whole = pieces.length === 1 && first ? first : Buffer.concat(pieces, gathered);
    pieces = [];
    gathered = 0;
    if (whole.length === 0) return;
    onOutput(whole, stream);
    const isTaken = !to || to.write(shown(whole));
    if (!to?.writableLength) free(whole);
    if (isTaken) return;
    from.pause();
    to?.once('drain', () => from.resume());
  }

  const close = () => void from.destroy();
  to?.on('error', close);
  const ended = new Promise<void>((resolve) => {
    const end = () => {
      flush();
      resolve();
    };
    // A terminal ends with an error, a pipe without one.
    from.on('error', onEnd).on('error', end).on('end', onEnd).on('end', end);
    from.on('close', end).on('close', () => to?.off('error', close));
  });
  from.on('data', (piece: Buffer) => {
    pieces.push(piece);
    gathered += piece.length;
    total += piece.length;
    if (gathered >= GATHERED_BYTES || to?.isTTY) flush();
    else stopTimer ??= clock.after(GATHER_MS, flush);
  });
  return { ended, bytesRead: () => total };
}

/**
 * Frees the memory of a large piece that nobody needs any more: whatever is kept of it has been copied. Without this, a flood
 * of output would allocate hundreds of megabytes a second until the next garbage collection.
 */
function free({ buffer, byteLength }: Buffer): void {
  if (byteLength >= FREED_BYTES && buffer.byteLength === byteLength) (buffer as ArrayBuffer).transfer(0);
}

/** Creates a function that tells, when called again and again, whether the terminal has accepted nothing for a while. */
function createStuckWatch(terminal: NodeJS.WriteStream, clock: Clock): () => boolean {
  let waiting = 0;
  let since = clock.monotonic();
  return () => {
    if (terminal.writableLength !== waiting) since = clock.monotonic();
    waiting = terminal.writableLength;
    return waiting > 0 && clock.monotonic() - since > STUCK_MS;
  };
}
