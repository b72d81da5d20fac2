import { openSync } from 'node:fs';
import { ReadStream } from 'node:tty';

/** Where keys come from. */
export interface Keyboard {
  readonly stream: ReadStream;
  close(): void;
}

/** Standard input, or the terminal itself where that carries data; null where there is no terminal to read from. */
export function openKeyboard(stdin: NodeJS.ReadStream): Keyboard | null {
  if (stdin.isTTY) return { stream: stdin as ReadStream, close: () => {} };
  try {
    const stream = new ReadStream(openSync('/dev/tty', 'r'));
    return { stream, close: () => void stream.destroy() };
  } catch {
    return null;
  }
}
