import { TASK_STATUSES, type TaskStatus } from '../model/task.ts';
import { type PlainText, words } from '../model/text.ts';
import { statusWord } from '../present/count.ts';
import { alignLeft, blanks, cut, cutLine, widthOf, wrap } from '../present/fit.ts';
import { signs, stepGlyph, taskGlyph } from '../present/glyphs.ts';
import { bandScoreText } from '../present/history-table.ts';
import { BLANK_LINE, type Line, line, segment, textLine } from '../present/line.ts';
import type { RenderContext } from '../present/render-context.ts';
import { ACTIONS } from './actions.ts';

/** Returns every key with its name, and the meaning of the signs. */
export function helpLines(context: RenderContext): Line[] {
  const keysWidth = Math.max(...ACTIONS.map(({ shown }) => widthOf(shown))) + 2;
  const nameWidth = Math.max(...ACTIONS.map(({ name }) => widthOf(name))) + 2;
  const helpWidth = context.width - 2 - keysWidth - nameWidth;
  const keys = ACTIONS.flatMap(({ shown, name, help }) => {
    const keysCell = [segment('  '), segment(alignLeft(asciiKeys(shown, context), keysWidth), 'strong')];
    if (helpWidth < 24) return [cutLine([...keysCell, segment(name)], context.width, context.ascii)];
    const lead = [...keysCell, segment(alignLeft(name, nameWidth))];
    return wrap(help, helpWidth).map((text, index) =>
      line(
        index === 0
          ? [...lead, segment(text, 'dim')]
          : [segment(blanks(context.width - helpWidth)), segment(text, 'dim')],
      ),
    );
  });
  const parts = [
    [textLine('keys', 'strong'), ...keys],
    [textLine('signs', 'strong'), ...legend(context)],
    [textLine('estimates', 'strong'), ...estimates(context)],
  ];
  return parts.flatMap((part, index) => (index === 0 ? part : [BLANK_LINE, ...part]));
}

function asciiKeys(shown: PlainText, { ascii }: RenderContext): PlainText {
  return ascii ? shown.replace(/↑↓/u, '^ v') : shown;
}

function legend(context: RenderContext): Line[] {
  const tasks = TASK_STATUSES.map((status) => ({
    glyph: taskGlyph(status, 0, context.ascii),
    meaning: MEANINGS[status] ?? statusWord(status),
  }));
  const skipped = { glyph: stepGlyph('skipped', 0, context.ascii), meaning: words`a step that was skipped` };
  const unseen = {
    glyph: { text: signs(context.ascii).unseen, tone: 'strong' as const },
    meaning: words`ended while nobody looked`,
  };
  return [...tasks, skipped, unseen].map(({ glyph, meaning }) =>
    line([
      segment('  '),
      segment(words`${glyph.text} `, glyph.tone),
      segment(cut(meaning, context.width - 4, context.ascii)),
    ]),
  );
}

/** Returns how to read an estimate, and how far to trust it. */
function estimates(context: RenderContext): Line[] {
  const score = context.bandScore?.() ?? null;
  const rules = [
    words`~4m (2${signs(context.ascii).dash}9m)  four more minutes; four times in five, between two and nine`,
    words`late, usually 3m  later than expected; it usually takes three minutes`,
    words`slower  the remaining time went up; the details say why`,
    words`first run  not enough is known for an estimate`,
    ...(score && score.foretold > 0 ? [bandScoreText(score)] : []),
  ];
  return rules.flatMap((text) => wrap(text, context.width - 2).map((each) => textLine(words`  ${each}`)));
}

const MEANINGS: Partial<Record<TaskStatus, PlainText>> = {
  running: words`running; turns with each update, and stands still while the task is silent`,
};
