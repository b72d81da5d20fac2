import { joined, type PlainText, words } from '../model/text.ts';
import { commandWord, ladderText, refusalText } from '../present/command.ts';
import { blanks, cut, cutLine, widthOf } from '../present/fit.ts';
import { signs } from '../present/glyphs.ts';
import { BLANK_LINE, type Line, line, type Segment, segment, type Tone, textLine } from '../present/line.ts';
import type { RenderContext } from '../present/render-context.ts';
import { findEntry, type State, type TaskEntry } from '../store/state.ts';
import type { Action } from './action.ts';
import type { Keymap } from './keymap.ts';
import { promptKeys, promptText } from './prompts.ts';
import type { ViewController } from './view-controller.ts';
import { NOTICE_MS } from './view-state.ts';

/**
 * Returns two lines: a message, and the keys that work now. `live` is the current state, frozen or not; `otherwise` is the
 * first line if there is no message.
 */
export function footerLines(
  controller: ViewController,
  keymap: Keymap,
  live: State,
  context: RenderContext,
  otherwise: Line | undefined,
): Line[] {
  const { prompt } = controller.view;
  const keys = prompt
    ? cutLine(spacedKeys(promptKeys(prompt, controller, context.ascii)), context.width, context.ascii)
    : keysLine(controller, keymap, context);
  return [messageLine(controller, live, context) ?? otherwise ?? BLANK_LINE, keys];
}

/** Returns the message on the left, and the list's settings on the right. */
function messageLine(controller: ViewController, live: State, context: RenderContext): Line | null {
  const { prompt } = controller.view;
  if (prompt)
    return textLine(
      cut(promptText(prompt, controller, context.width), context.width, context.ascii),
      'strong',
    );
  const said =
    noticeSaid(controller, context.nowMs) ??
    commandSaid(controller, live, context.nowMs) ??
    refusalSaid(controller);
  const settings = settingsText(controller, context, context.width - widthOf(said?.text ?? ''));
  if (!said && settings === '') return null;

  const room = context.width - (settings === '' ? 0 : widthOf(settings) + 2);
  const message = cut(said?.text ?? words``, room, context.ascii);
  const gap = blanks(context.width - widthOf(message) - widthOf(settings));
  const segments = [segment(message, said?.tone), segment(gap), segment(settings, 'dim')];
  return cutLine(segments, context.width, context.ascii, said?.until);
}

/** A message. The first of these is shown: a notice, the progress of the last command, why something cannot be done. */
interface Said {
  readonly text: PlainText;
  readonly tone: Tone;
  readonly until?: number;
}

function noticeSaid({ view }: ViewController, nowMs: number): Said | null {
  return view.notice && nowMs < view.notice.until ? view.notice : null;
}

/** Returns the state of the selected task's command, otherwise that of the task to which a command was sent last. */
function commandSaid(controller: ViewController, live: State, nowMs: number): Said | null {
  const asked = controller.view.asked === null ? undefined : findEntry(live, controller.view.asked);
  const said = (entry: TaskEntry, prefix: PlainText) => saidOf(entry, prefix, controller, nowMs);
  const own = controller.selected && said(controller.selected, words``);
  return own ?? (asked ? said(asked, words`${cut(asked.task.name, LONGEST_NAME)}: `) : null);
}

/** A longer name would leave too little room for the message. */
const LONGEST_NAME = 24;

/**
 * Returns what to say about a task's command. A refusal is shown until the next key, but not for long; the details keep
 * showing it.
 */
function saidOf(
  { pending, refused }: TaskEntry,
  prefix: PlainText,
  { view }: ViewController,
  nowMs: number,
): Said | null {
  if (pending) return { text: words`${prefix}${ladderText(pending)}`, tone: 'busy' };
  if (!refused || view.attention.lastKeyAt > refused.at) return null;
  const until = refused.at + NOTICE_MS;
  return nowMs < until ? { text: words`${prefix}${refusalText(refused)}`, tone: 'bad', until } : null;
}

/** Returns which commands the source would refuse for the selected task, and why, before a key is pressed. */
function refusalSaid(controller: ViewController): Said | null {
  const refused = controller.selected?.task.offers.filter((offer) => offer.refusal !== null) ?? [];
  const [first] = refused;
  if (!first) return null;
  const isAll = refused.every((offer) => offer.refusal === first.refusal);
  const commands = (isAll ? refused : [first]).map((offer) => commandWord(offer.command));
  return { text: words`${joined(commands, ', ')}: ${first.refusal ?? ''}`, tone: 'dim' };
}

/** Returns those settings of the list that are not the usual ones, as far as there is room. */
function settingsText({ view, sections }: ViewController, context: RenderContext, room: number): PlainText {
  const dot = words` ${signs(context.ascii).dot} `;
  const settings = [
    view.marked.size === 0 ? words`` : words`${view.marked.size} marked`,
    view.sort === 'urgency' ? words`` : words`by ${view.sort}`,
    view.group === 'none' ? words`` : words`grouped by ${view.group}`,
    sections.dismissed > 0 ? words`${sections.dismissed} dismissed` : words``,
  ];
  return settings.filter(Boolean).reduce((text, part) => {
    const longer = text === '' ? part : words`${text}${dot}${part}`;
    return widthOf(longer) + 2 <= room ? longer : text;
  }, words``);
}

/** Returns as many of the keys that work now as fit, in the order of the table. */
function keysLine(controller: ViewController, keymap: Keymap, context: RenderContext): Line {
  const offered = keymap.actions.filter(
    ({ footer, isTimely, refusal, shown }) =>
      footer !== undefined &&
      shown !== '' &&
      (isTimely?.(controller) ?? true) &&
      (refusal?.(controller) ?? null) === null,
  );
  const chosen = new Set<Action>();
  let used = -GAP.length;
  for (const action of [...offered].sort((a, b) => (a.footer ?? 0) - (b.footer ?? 0))) {
    const width = widthOf(keyText(action)) + GAP.length;
    if (used + width > context.width) continue;
    used += width;
    chosen.add(action);
  }
  return line(spacedKeys(offered.filter((action) => chosen.has(action)).map(keyText)));
}

const GAP = '  ';

/** Returns keys with what each does, the key itself in bold. */
function spacedKeys(keys: readonly PlainText[]): Segment[] {
  return keys.flatMap((text, index) => {
    const [key = words``, ...name] = text.split(' ');
    const gap = index === 0 ? [] : [segment(GAP)];
    return [...gap, segment(key, 'strong'), segment(words` ${joined(name, ' ')}`)];
  });
}

function keyText({ shown, name, shortName = name }: Action): PlainText {
  return words`${shown.split(',')[0] ?? ''} ${shortName}`;
}
