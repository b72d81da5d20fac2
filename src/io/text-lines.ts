import { TextDecoder } from 'node:util';
import { encodingOf } from './text-encoding.ts';

/** Assembles lines from chunks. */
export interface TextLines {
  write(chunk: Buffer | string): void;
  /** Nothing follows: an incomplete last line counts as a line. */
  end(): void;
}

/**
 * Splits chunks into lines, in the encoding that the first one reveals. A line with more characters than the limit is
 * skipped; `onLine` receives null for it as soon as it is known to be too long, because it may never end.
 */
export function createTextLines(
  onLine: (line: string | null) => void,
  { longest }: { readonly longest: number },
): TextLines {
  let decoder: TextDecoder | null = null;
  let begun = '';
  let isTooLong = false;

  const finish = (rest: string) => {
    append(rest);
    if (!isTooLong) onLine(begun);
    begun = '';
    isTooLong = false;
  };
  const go = (text: string) => {
    const lines = text.split('\n');
    const last = lines.pop() ?? '';
    for (const line of lines) finish(line);
    append(last);
  };
  const append = (text: string) => {
    if (isTooLong) return;
    isTooLong = begun.length + text.length > longest;
    begun = isTooLong ? '' : begun + text;
    if (isTooLong) onLine(null);
  };

  return {
    write(chunk) {
      if (typeof chunk === 'string') return go(chunk);
      decoder ??= new TextDecoder(encodingOf(chunk));
      go(decoder.decode(chunk, { stream: true }));
    },
    end() {
      go(decoder?.decode() ?? '');
      if (begun !== '') finish('');
    },
  };
}
