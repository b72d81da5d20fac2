import type { Io } from '../../../io/io.ts';
import { print, say } from '../../../io/print.ts';
import { words } from '../../../model/text.ts';
import { readExecdPlace, readExecPlace } from '../../../sources/exec/place.ts';
import { EXIT, refuse } from '../../process/exit.ts';

/** Runs a command as a source would, and says what is wrong with its output. Resolves with the exit code. */
export async function runSourceTest(text: string, io: Io): Promise<number> {
  const goesOn = /^execd:/iu.test(text);
  const place = text.replace(/^execd?:/iu, '');
  const read = goesOn ? readExecdPlace(place) : readExecPlace(place);
  if ('severity' in read) return refuse(io, read, EXIT.usage);
  const { testLines, testOnce } = await import('../../../sources/exec/test-command.ts');
  const { wrong, said } = await (goesOn ? testLines : testOnce)(read.command, io, io.signal);
  for (const line of wrong) say(io, words`taskglass: source test: ${line}`);
  print(io, ...said);
  return wrong.length === 0 ? EXIT.ok : EXIT.faulty;
}
