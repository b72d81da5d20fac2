import { TASK_STATUSES, type TaskStatus } from '../model/task.ts';
import { type PlainText, words } from '../model/text.ts';
import { statusWord } from '../present/count.ts';
import { alignLeft, blanks, cut, cutLine, widthOf, widthOfAll, wrap } from '../present/fit.ts';
import { type Glyph, signs, stepGlyph, taskGlyph } from '../present/glyphs.ts';
import { bandScoreText } from '../present/history-table.ts';
import { BLANK_LINE, type Line, line, type Segment, segment, textLine } from '../present/line.ts';
import type { RenderContext } from '../present/render-context.ts';
import type { Action } from './action.ts';
import { ACTIONS } from './actions.ts';

/** From this width on, keys have room for two columns. */
const ROOM_FOR_TWO = 70;

/** Returns every key, and the meaning of the signs; in full if there is room for it, else in two columns. */
export function helpLines(context: RenderContext, height: number): Line[] {
  const full = fullHelp(context);
  return full.length <= height || context.width < ROOM_FOR_TWO ? full : compactHelp(context);
}

/** Returns the keys with their names in two columns, and the signs and estimates in a few lines. */
function compactHelp(context: RenderContext): Line[] {
  const width = Math.floor(context.width / 2);
  const keysWidth = Math.max(...ACTIONS.map(({ shown }) => widthOf(shown))) + 1;
  const cell = ({ shown, name }: Action): Segment[] => [
    segment(alignLeft(asciiKeys(shown, context), keysWidth), 'strong'),
    segment(alignLeft(name, width - keysWidth, context.ascii)),
  ];
  const rows = Math.ceil(ACTIONS.length / 2);
  const keys = ACTIONS.slice(0, rows).map((action, row) => {
    const beside = ACTIONS[rows + row];
    return line([...cell(action), ...(beside ? cell(beside) : [])]);
  });
  return [...keys, ...signLines(context), ...wrapped(SHORT_RULES, context)];
}

const SHORT_RULES = words`~4m (2-9m): four times in five between 2 and 9 minutes; late: longer than usual; first run: not known yet`;

function wrapped(text: PlainText, context: RenderContext): Line[] {
  return wrap(text, context.width).map((each) => textLine(each, 'dim'));
}

/** Returns the signs with their meanings, as many in a line as fit. */
function signLines(context: RenderContext): Line[] {
  const lines: Line[] = [];
  let row: Segment[] = [];
  for (const { glyph, meaning } of signsShown(context, (status) => statusWord(status))) {
    const part = [segment(words`${glyph.text} `, glyph.tone), segment(words`${meaning}  `)];
    if (row.length > 0 && widthOfAll([...row, ...part]) > context.width) {
      lines.push(line(row));
      row = [];
    }
    row.push(...part);
  }
  return [...lines, line(row)];
}

function fullHelp(context: RenderContext): Line[] {
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
  const shown = signsShown(context, (status) => MEANINGS[status] ?? statusWord(status));
  return shown.map(({ glyph, meaning }) =>
    line([
      segment('  '),
      segment(words`${glyph.text} `, glyph.tone),
      segment(cut(meaning, context.width - 4, context.ascii)),
    ]),
  );
}

function signsShown(
  context: RenderContext,
  meaningOf: (status: TaskStatus) => PlainText,
): { readonly glyph: Glyph; readonly meaning: PlainText }[] {
  const tasks = TASK_STATUSES.map((status) => ({
    glyph: taskGlyph(status, 0, context.ascii),
    meaning: meaningOf(status),
  }));
  const skipped = { glyph: stepGlyph('skipped', 0, context.ascii), meaning: words`skipped step` };
  const unseen = {
    glyph: { text: signs(context.ascii).unseen, tone: 'strong' as const },
    meaning: words`ended while nobody looked`,
  };
  const marked = {
    glyph: { text: signs(context.ascii).marked, tone: 'strong' as const },
    meaning: words`marked`,
  };
  return [...tasks, skipped, unseen, marked];
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
