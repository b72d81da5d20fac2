import type { Io } from '../../../io/io.ts';
import type { LogLine } from '../../../model/log.ts';
import { shownLine } from '../../../model/log-text.ts';
import { wantsColor } from '../../process/appearance.ts';

/** Returns a function that makes the text of each line, with its line break. Colours are kept only if they are wanted. */
export function createLineText(
  { raw, times }: { readonly raw: boolean; readonly times: boolean },
  io: Io,
): (line: LogLine) => string {
  const withColours = wantsColor(true, io);
  const timeOf = ({ at }: LogLine) => {
    const time = new Date(at).toISOString();
    return withColours ? `\u001b[2m${time}\u001b[0m ` : `${time} `;
  };
  return (line) => `${times ? timeOf(line) : ''}${raw ? line.text : shownLine(line.text, withColours)}\n`;
}
