import { TASK_STATUSES, type TaskStatus } from '../model/task.ts';
import { joined, type PlainText, words } from '../model/text.ts';
import { statusWord } from '../present/count.ts';
import { alignLeft, blanks, cut, cutLine, widthOf, widthOfAll, wrap } from '../present/fit.ts';
import { type Glyph, signs, stepGlyph, taskGlyph } from '../present/glyphs.ts';
import { bandScoreText } from '../present/history-table.ts';
import { BLANK_LINE, type Line, line, type Segment, segment, textLine } from '../present/line.ts';
import type { RenderContext } from '../present/render-context.ts';
import type { Action, KeyOf } from './action.ts';
import type { BoundAction, Keymap } from './keymap.ts';
import type { ViewController } from './view-controller.ts';

/** From this width on, the keys have room for two columns. */
const ROOM_FOR_TWO = 70;

/** Returns every key, and the meaning of the signs; in full if there is room, otherwise in two columns. */
export function helpLines(
  { views }: Pick<ViewController, 'views'>,
  { actions, keyOf }: Keymap,
  context: RenderContext,
  height: number,
): Line[] {
  const named = joined(viewNames(views, keyOf), '  ');
  const full = fullHelp(actions, named, context);
  return full.length <= height || context.width < ROOM_FOR_TWO ? full : compactHelp(actions, named, context);
}

/** Returns the keys with their names in two columns, and the signs and estimates on a few lines. */
function compactHelp(actions: readonly BoundAction[], views: PlainText, context: RenderContext): Line[] {
  const width = Math.floor(context.width / 2);
  const keysWidth = keysWidthOf(actions) + 1;
  const cell = ({ shown, name }: Action): Segment[] => [
    segment(alignLeft(cut(asciiKeys(shown, context), keysWidth - 1, context.ascii), keysWidth), 'strong'),
    segment(alignLeft(name, width - keysWidth, context.ascii)),
  ];
  const rows = Math.ceil(actions.length / 2);
  const keys = actions.slice(0, rows).map((action, row) => {
    const beside = actions[rows + row];
    return line([...cell(action), ...(beside ? cell(beside) : [])]);
  });
  return [
    ...keys,
    ...wrapped(words`views:  ${views}`, context),
    ...signLines(context),
    ...wrapped(SHORT_RULES, context),
  ];
}

/** Longer lists of keys are cut: names and meanings need the room. */
const WIDEST_KEYS = 20;

function keysWidthOf(actions: readonly BoundAction[]): number {
  return Math.min(WIDEST_KEYS, Math.max(...actions.map(({ shown }) => widthOf(shown))));
}

/** Returns the named views with their keys. */
function viewNames(views: ViewController['views'], keyOf: KeyOf): PlainText[] {
  return [
    ...views.map(({ name }, index) => words`${keyOf(`view-${index + 1}`)} ${name}`),
    words`${keyOf('plain-list')} plain list`,
  ];
}

const SHORT_RULES = words`~4m (2-9m): four times in five between 2 and 9 minutes; late: longer than usual; first run: not known yet`;

function wrapped(text: PlainText, context: RenderContext): Line[] {
  return wrap(text, context.width).map((each) => textLine(each, 'dim'));
}

function indented(text: PlainText, context: RenderContext): Line[] {
  return wrap(text, context.width - 2).map((each) => textLine(words`  ${each}`));
}

/** Returns the signs with their meanings, as many on each line as fit. */
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

function fullHelp(actions: readonly BoundAction[], views: PlainText, context: RenderContext): Line[] {
  const keysWidth = keysWidthOf(actions) + 2;
  const nameWidth = Math.max(...actions.map(({ name }) => widthOf(name))) + 2;
  const helpWidth = context.width - 2 - keysWidth - nameWidth;
  const keys = actions.flatMap(({ shown, name, help, isListedApart }) => {
    const own = cut(asciiKeys(shown, context), keysWidth - 2, context.ascii);
    const keysCell = [segment('  '), segment(alignLeft(own, keysWidth), 'strong')];
    if (helpWidth < 24) return [cutLine([...keysCell, segment(name)], context.width, context.ascii)];
    const lead = [...keysCell, segment(alignLeft(name, nameWidth))];
    return wrap(isListedApart ? views : help, helpWidth).map((text, index) =>
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
  if (!ascii) return shown;
  return shown
    .replace(/↑↓/u, '^ v')
    .replace(/↑/u, '^')
    .replace(/↓/u, 'v')
    .replace(/←/u, '<')
    .replace(/→/u, '>');
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
  const muted = {
    glyph: { text: signs(context.ascii).muted, tone: 'dim' as const },
    meaning: words`muted: nobody is notified of it`,
  };
  return [...tasks, skipped, unseen, marked, muted];
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
  return rules.flatMap((text) => indented(text, context));
}

const MEANINGS: Partial<Record<TaskStatus, PlainText>> = {
  running: words`running; turns with each update, and stands still while the task is silent`,
};
