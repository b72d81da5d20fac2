import { joined, type PlainText, words } from '../model/text.ts';
import { commandWord, ladderText, refusalText } from '../present/command.ts';
import { clockText } from '../present/duration.ts';
import { blanks, cut, cutLine, widthOf } from '../present/fit.ts';
import { signs } from '../present/glyphs.ts';
import { BLANK_LINE, type Line, line, type Segment, segment, type Tone, textLine } from '../present/line.ts';
import type { RenderContext } from '../present/render-context.ts';
import { findEntry, type State, type TaskEntry } from '../store/state.ts';
import type { Action } from './action.ts';
import { ACTIONS } from './actions.ts';
import { promptKeys, promptText } from './prompts.ts';
import { refusalOf } from './refusal.ts';
import type { ViewController } from './view-controller.ts';

/**
 * Returns two lines: a message, and the keys that work now. `live` is the current state, frozen or not; `otherwise` is
 * the first line if there is no message.
 */
export function footerLines(
  controller: ViewController,
  live: State,
  context: RenderContext,
  otherwise: Line | undefined,
): Line[] {
  const { prompt } = controller.view;
  const keys = prompt
    ? textLine(cut(promptKeys(prompt, context.ascii), context.width, context.ascii), 'dim')
    : keysLine(controller, context);
  return [messageLine(controller, live, context) ?? otherwise ?? BLANK_LINE, keys];
}

/** Returns the message on the left, and how the list is set on the right. */
function messageLine(controller: ViewController, live: State, context: RenderContext): Line | null {
  const { prompt } = controller.view;
  if (prompt)
    return textLine(
      cut(promptText(prompt, controller, context.width), context.width, context.ascii),
      'strong',
    );
  const said =
    noticeSaid(controller, context.nowMs) ?? commandSaid(controller, live) ?? refusalSaid(controller);
  const settings = settingsText(controller, context, context.width - widthOf(said?.text ?? ''));
  if (!said && settings === '') return null;

  const room = context.width - (settings === '' ? 0 : widthOf(settings) + 2);
  const message = cut(said?.text ?? words``, room, context.ascii);
  const gap = blanks(context.width - widthOf(message) - widthOf(settings));
  const segments = [segment(message, said?.tone), segment(gap), segment(settings, 'wait')];
  return cutLine(segments, context.width, context.ascii, said?.until);
}

/** The first of these that there is: a passing remark, how the last command fares, what can't be done. */
interface Said {
  readonly text: PlainText;
  readonly tone: Tone;
  readonly until?: number;
}

function noticeSaid({ view }: ViewController, nowMs: number): Said | null {
  return view.notice && nowMs < view.notice.until ? view.notice : null;
}

/** Returns how the selected task's command is going, else that of the task that was asked last. */
function commandSaid(controller: ViewController, live: State): Said | null {
  const asked = controller.view.asked === null ? undefined : findEntry(live, controller.view.asked);
  const own = controller.selected && saidOf(controller.selected, words``);
  return own ?? (asked ? saidOf(asked, words`${asked.task.name}: `) : null);
}

function saidOf(entry: TaskEntry, prefix: PlainText): Said | null {
  if (entry.pending) return { text: words`${prefix}${ladderText(entry.pending)}`, tone: 'busy' };
  if (entry.refused) return { text: words`${prefix}${refusalText(entry.refused)}`, tone: 'bad' };
  return null;
}

/** Returns what the source would refuse for the selected task, and why, before a key is pressed. */
function refusalSaid(controller: ViewController): Said | null {
  const refused = controller.selected?.task.offers.filter((offer) => offer.refusal !== null) ?? [];
  const [first] = refused;
  if (!first) return null;
  const isAll = refused.every((offer) => offer.refusal === first.refusal);
  const commands = (isAll ? refused : [first]).map((offer) => commandWord(offer.command));
  const why = refusalOf(controller, first.command);
  return { text: words`${joined(commands, ', ')}: ${why ?? ''}`, tone: 'dim' };
}

/**
 * Returns the settings that differ from the usual ones, as far as there is room. That the view is frozen is always
 * said.
 */
function settingsText(
  { view, sections, readOnly }: ViewController,
  context: RenderContext,
  room: number,
): PlainText {
  const dot = words` ${signs(context.ascii).dot} `;
  const frozen = view.frozen ? words`frozen at ${clockText(view.frozen.atMs, context.timeZone)}` : words``;
  const others = [
    readOnly ? words`read-only` : words``,
    view.filter === ''
      ? words``
      : words`filter: ${cut(view.filter, 20, context.ascii)} (${sections.filteredOut} hidden)`,
    view.sort === 'urgency' ? words`` : words`by ${view.sort}`,
    view.group === 'none' ? words`` : words`grouped by ${view.group}`,
    sections.dismissed > 0 ? words`${sections.dismissed} dismissed` : words``,
  ];
  return others.filter(Boolean).reduce((text, part) => {
    const longer = text === '' ? part : words`${text}${dot}${part}`;
    return widthOf(longer) + 2 <= room ? longer : text;
  }, frozen);
}

/** Returns as many keys as fit, in the order of the table. Keys that can't act now are in brackets. */
function keysLine(controller: ViewController, context: RenderContext): Line {
  const offered = ACTIONS.filter(
    ({ footer, isTimely }) => footer !== undefined && (isTimely?.(controller) ?? true),
  );
  const chosen = new Set<Action>();
  let used = 0;
  for (const action of [...offered].sort((a, b) => (a.footer ?? 0) - (b.footer ?? 0))) {
    const width = keyText(action).length + 2;
    if (used + width > context.width) continue;
    used += width;
    chosen.add(action);
  }
  return line(
    offered.filter((action) => chosen.has(action)).flatMap((action) => keySegments(action, controller)),
  );
}

function keySegments(action: Action, controller: ViewController): Segment[] {
  const isRefused = (action.refusal?.(controller) ?? null) !== null;
  if (isRefused) return [segment(words`(${keyText(action)})`, 'dim')];
  const [key = words``, ...name] = keyText(action).split(' ');
  return [segment(words` ${key}`, 'strong'), segment(words` ${joined(name, ' ')} `, 'plain')];
}

function keyText({ shown, name }: Action): PlainText {
  return words`${shown.split(',')[0] ?? ''} ${FOOTER_NAMES[name] ?? name}`;
}

/** Shorter words, for the footer only. */
const FOOTER_NAMES: Record<string, PlainText> = {
  'filter as you type': words`filter`,
  'undo dismiss': words`undo`,
  "set the user's status": words`status`,
};
