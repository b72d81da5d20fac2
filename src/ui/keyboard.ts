import { openSync } from 'node:fs';
import { ReadStream } from 'node:tty';
import type { Clock } from '../clock.ts';
import type { InputEvent } from '../input/event.ts';
import { readInput } from '../input/read-input.ts';

/** Where keys come from. Before `take` and after `handBack`, the terminal's input is left to others. */
export interface Keyboard {
  readonly stream: ReadStream;
  /**
   * Makes the terminal pass on each key as it is pressed. `onEvents` is called once for everything that was read at once.
   */
  take(onEvents: (events: readonly InputEvent[]) => void): void;
  handBack(): void;
  close(): void;
}

/**
 * Opens standard input, or the terminal itself if standard input carries data. Returns null if there is no terminal to read
 * from.
 */
export function openKeyboard(stdin: NodeJS.ReadStream, clock: Clock): Keyboard | null {
  if (stdin.isTTY) return createKeyboard(stdin as ReadStream, clock, () => {});
  try {
    const stream = new ReadStream(openSync('/dev/tty', 'r'));
    return createKeyboard(stream, clock, () => void stream.destroy());
  } catch {
    return null;
  }
}

function createKeyboard(stream: ReadStream, clock: Clock, close: () => void): Keyboard {
  let stopReading: (() => void) | null = null;

  function handBack(): void {
    if (!stopReading) return;
    stopReading();
    stopReading = null;
    stream.setRawMode(false);
    stream.pause();
  }

  return {
    stream,
    take(onEvents) {
      handBack();
      stream.setRawMode(false); // otherwise Node assumes raw mode even if the shell has changed it meanwhile
      stream.setRawMode(true);
      stopReading = readInput({ stream, clock, onEvents });
      stream.resume();
    },
    handBack,
    close() {
      handBack();
      close();
    },
  };
}
