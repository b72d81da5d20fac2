import { plainName, plainText, words } from '../../../model/text.ts';
import { durationText } from '../../../present/duration.ts';
import { taskGlyph } from '../../../present/glyphs.ts';
import { type Line, line, segment, textLine } from '../../../present/line.ts';
import { EXIT } from '../../process/exit.ts';
import { ALLOW_COMMANDS, type Verb } from './verb.ts';

/** How many lines of a command's output are shown; `--json` prints everything that was kept. */
const SHOWN_LINES = 20;

export const verifyTask: Verb = {
  name: 'verify-task',
  form: '<id>',
  about: 'run only the verification; exit 4 if it fails',
  examples: ['taskglass ledger verify-task nightly-report && echo really done'],
  options: [ALLOW_COMMANDS],
  async run({ args: [id = ''], openLedger, print, io }) {
    const ledger = await openLedger();
    const outcome = await ledger.verify(id, { signal: io.signal });
    const { ok, ran, reason, output, durationMs } = outcome;
    print({ id, ...outcome }, ({ ascii }) => {
      const { text, tone } = taskGlyph(!ran ? 'queued' : ok ? 'completed' : 'failed', 0, ascii);
      const said = !ran ? 'has no verification' : ok ? 'passes' : 'does not pass';
      const why = reason === null ? words`` : words`: ${plainName(reason)}`;
      const took = ran ? words` (${durationText(durationMs)})` : '';
      return [
        line([
          segment(words`${text} `, tone),
          segment(plainName(id), 'strong'),
          segment(words` ${said}${why}${took}`),
        ]),
        ...outputLines(output),
      ];
    });
    return ok ? EXIT.ok : EXIT.failed;
  },
};

function outputLines(output: string | null): Line[] {
  const lines = output === null ? [] : plainText(output).split('\n');
  const left = lines.length - SHOWN_LINES;
  return [
    ...(left > 0 ? [textLine(words`  (${left} earlier lines: --json shows all)`, 'dim')] : []),
    ...lines.slice(-SHOWN_LINES).map((each) => textLine(words`  ${each}`)),
  ];
}
