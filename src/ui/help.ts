import { TASK_STATUSES } from '../model/task.ts';
import { statusWord } from '../present/count.ts';
import { alignLeft, cut, cutLine, widthOf, wrap } from '../present/fit.ts';
import { signs, stepGlyph, taskGlyph } from '../present/glyphs.ts';
import { bandScoreText } from '../present/history.ts';
import { BLANK_LINE, type Line, line, segment, textLine } from '../present/line.ts';
import type { Look } from '../present/look.ts';
import { ACTIONS } from './actions.ts';

/** Every key with its name, and what the signs mean. */
export function helpLines(look: Look): Line[] {
  const keysWidth = Math.max(...ACTIONS.map(({ shown }) => widthOf(shown))) + 2;
  const nameWidth = Math.max(...ACTIONS.map(({ name }) => widthOf(name))) + 2;
  const helpWidth = look.width - 2 - keysWidth - nameWidth;
  const keys = ACTIONS.flatMap(({ shown, name, help }) => {
    const keysCell = [segment('  '), segment(alignLeft(asciiKeys(shown, look), keysWidth), 'strong')];
    if (helpWidth < 24) return [cutLine([...keysCell, segment(name)], look.width, look.ascii)];
    const lead = [...keysCell, segment(alignLeft(name, nameWidth))];
    return wrap(help, helpWidth).map((text, index) =>
      line(
        index === 0
          ? [...lead, segment(text, 'dim')]
          : [segment(' '.repeat(look.width - helpWidth)), segment(text, 'dim')],
      ),
    );
  });
  const parts = [
    [textLine('keys', 'strong'), ...keys],
    [textLine('signs', 'strong'), ...legend(look)],
    [textLine('estimates', 'strong'), ...estimates(look)],
  ];
  return parts.flatMap((part, index) => (index === 0 ? part : [BLANK_LINE, ...part]));
}

function asciiKeys(shown: string, { ascii }: Look): string {
  return ascii ? shown.replace('↑↓', '^ v') : shown;
}

function legend(look: Look): Line[] {
  const tasks = TASK_STATUSES.map((status) => ({
    glyph: taskGlyph(status, 0, look.ascii),
    words: MEANINGS[status] ?? statusWord(status),
  }));
  const skipped = { glyph: stepGlyph('skipped', 0, look.ascii), words: 'a step that was skipped' };
  return [...tasks, skipped].map(({ glyph, words }) =>
    line([
      segment('  '),
      segment(`${glyph.text} `, glyph.tone),
      segment(cut(words, look.width - 4, look.ascii)),
    ]),
  );
}

/** How an estimate is to be read, and how far to be trusted. */
function estimates(look: Look): Line[] {
  const score = look.bandScore?.() ?? null;
  const words = [
    `~4m (2${signs(look.ascii).dash}9m)  four more minutes; between two and nine in four of five cases`,
    'late, usually 3m  past all that was expected; that is how long it took before',
    'slower  more is left than there was; the details say why',
    'first run  nothing is known yet that would be worth a figure',
    ...(score && score.foretold > 0 ? [bandScoreText(score)] : []),
  ];
  return words.flatMap((text) => wrap(text, look.width - 2).map((each) => textLine(`  ${each}`)));
}

const MEANINGS: Record<string, string> = {
  running: 'running; it turns with each update that arrives, a silent task stands still',
};
