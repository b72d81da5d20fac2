import type { Io } from '../../io/io.ts';
import { print } from '../../io/print.ts';
import type { PlainText } from '../../model/text.ts';
import { asciiText } from '../../present/fit.ts';
import type { Settings } from '../config/settings.ts';
import { wantsAsciiLines } from '../process/appearance.ts';

/** Returns what prints lines about tasks: with ASCII only if that was asked for, or if the terminal's locale has no more. */
export function createLinePrinter(settings: Settings, io: Io): (...lines: readonly PlainText[]) => void {
  const isAscii = wantsAsciiLines(settings.ascii, io);
  return (...lines) => print(io, ...(isAscii ? lines.map(asciiText) : lines));
}
