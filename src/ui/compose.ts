import { words } from '../model/text.ts';
import { type Columns, layoutColumns } from '../present/columns.ts';
import { detailLines, rawLines } from '../present/detail.ts';
import { alignLeft, blanks, widthOfAll } from '../present/fit.ts';
import { signs } from '../present/glyphs.ts';
import { headerLines, type Overview } from '../present/header.ts';
import { BLANK_LINE, type Line, line, NEVER, segment, soonest, textLine } from '../present/line.ts';
import { listLines } from '../present/list.ts';
import { logLines } from '../present/log.ts';
import type { RenderContext } from '../present/render-context.ts';
import { headingRow, taskRow } from '../present/row.ts';
import { type Scrolled, scrollLines } from '../present/scroll.ts';
import { problemLines } from '../present/source-lines.ts';
import { awaySince } from '../store/attention.ts';
import type { State } from '../store/state.ts';
import { viewBadges } from './badges.ts';
import { emptyLines } from './empty.ts';
import { footerLines } from './footer.ts';
import { helpLines } from './help.ts';
import type { Keymap } from './keymap.ts';
import { isMutedIn } from './muted.ts';
import { isTooSmall, type Size, SMALLEST } from './size.ts';
import type { ViewController } from './view-controller.ts';
import { isApart, type ViewState } from './view-state.ts';

/** From this height on, there is room for a blank line above the footer. */
const SPACIOUS = 30;
/** Below this height, as drawn in place, each line has to be worth its room. */
const TINY = 8;
/** Below this height, problems and column titles have no lines of their own. */
const TIGHT = 12;

/** From this width on, there is room for details beside the list. */
const ROOM_FOR_BOTH = 110;
/** The list's share of the width then. */
const LIST_SHARE = 0.44;
const WIDEST_LIST = 90;
const DIVIDER_WIDTH = 3;

/** A whole screen: exactly `size.rows` lines. Autowrap is off meanwhile, so that the last line does not scroll it. */
export interface Frame {
  readonly lines: readonly Line[];
  readonly until: number;
  readonly listTop: number;
  readonly paneTop: number;
  readonly isWide: boolean;
  readonly log: ViewController['view']['log'];
  readonly bodyHeight: number;
}

/** Everything that a frame is made from. `live` is the current state; the controller's may be frozen. */
export interface Scene {
  readonly controller: ViewController;
  readonly keymap: Keymap;
  readonly live: State;
  readonly overview: Overview & { readonly until: number };
  readonly context: RenderContext;
  /** The current time; the context's stands still while the screen is frozen. */
  readonly nowMs: number;
  readonly size: Size;
}

/** Composes header, list or pane, and footer. */
export function composeFrame(scene: Scene): Frame {
  const { controller, live, overview, context, size } = scene;
  const height = Math.max(1, size.rows);
  if (isTooSmall(size)) return tooSmall(scene, height);

  const isTight = height < TIGHT;
  const { pane } = controller.view;
  // So that the whole help fits.
  const hasHeader = pane === 'help' ? height >= SPACIOUS : !isTight || pane === 'list';
  const badges = viewBadges(controller, context);
  const headerRoom = isTight ? 1 : Math.max(2, Math.floor(height / 5));
  const header = hasHeader ? headerLines(controller.data, overview, badges, context, headerRoom) : [];
  const problem = isTight
    ? problemLines([...controller.data.sources.values()], context, 1, controller.data.problems)[0]
    : undefined;
  const footer = footerFor(
    height,
    footerLines(controller, scene.keymap, live, { ...context, nowMs: scene.nowMs }, problem),
  );
  const bodyHeight = Math.max(0, height - header.length - footer.length);
  const body = bodyLines(scene, bodyHeight, isTight);
  const filler = Array.from({ length: bodyHeight - body.lines.length }, () => BLANK_LINE);
  const still = Math.min(soonest(header), soonest(body.lines), overview.until, controller.sections.until);
  return {
    lines: [...header, ...body.lines, ...filler, ...footer],
    until: Math.min(controller.view.frozen ? NEVER : still, soonest(footer), returnsAt(scene, body.listTop)),
    listTop: body.listTop,
    paneTop: body.paneTop,
    isWide: size.columns >= ROOM_FOR_BOTH,
    log: body.follows === undefined ? controller.view.log : { ...controller.view.log, follows: body.follows },
    bodyHeight: body.height ?? bodyHeight,
  };
}

/** Returns the footer for a screen of this height; on a tiny one, a message replaces the keys. */
function footerFor(height: number, [message = BLANK_LINE, ...keys]: readonly Line[]): Line[] {
  if (height < TINY) return message === BLANK_LINE ? keys : [message];
  return [...(height >= SPACIOUS ? [BLANK_LINE] : []), message, ...keys];
}

/** Returns when the list returns to its top because nobody has pressed a key for a while (epoch ms). */
function returnsAt({ controller, nowMs }: Scene, listTop: number): number {
  const at = awaySince(controller.view.attention);
  return listTop > 0 && at > nowMs ? at : NEVER;
}

/**
 * Returns the list as plain lines, with folded tasks, and without marks and keys: what remains in the terminal afterwards.
 */
export function lastLines({ controller, overview, context }: Scene, most: number): Line[] {
  const { entries, isSettled } = controller.sections;
  const columns = columnsOf(controller, context);
  const rows = entries.slice(0, most).map((entry) =>
    taskRow(entry, columns, context, {
      isSelected: false,
      isUnseen: false,
      isSettled: isSettled(entry),
    }),
  );
  const more = entries.length > most ? [textLine(words`  ${entries.length - most} more`)] : [];
  return [...headerLines(controller.data, overview, [], context, 12), ...rows, ...more];
}

interface Body {
  readonly lines: readonly Line[];
  readonly listTop: number;
  readonly paneTop: number;
  readonly follows?: boolean;
  /** How many lines can scroll. */
  readonly height?: number;
}

function bodyLines(scene: Scene, height: number, isTight: boolean): Body {
  const { controller, context } = scene;
  const { view, sections } = controller;
  if (view.pane === 'help')
    return paneBody(
      view,
      scrollLines(helpLines(controller, scene.keymap, context, height), view.paneTop, height, context.ascii),
    );
  if (isPaneOpen(controller) && !isApart(controlledView(scene))) return paneOf(controller, context, height);
  if (sections.entries.length === 0)
    return { lines: emptyLines(controller, context, height).slice(0, height), listTop: 0, paneTop: 0 };
  if (!isPaneOpen(controller)) return listBody(controller, context, height, isTight);
  return besideEachOther(controller, context, height);
}

function controlledView({ controller, size }: Scene): ViewState {
  return { ...controller.view, isWide: size.columns >= ROOM_FOR_BOTH };
}

function isPaneOpen({ view, selected, logPane }: ViewController): boolean {
  return selected !== null && (view.pane === 'detail' || (view.pane === 'log' && logPane.log !== null));
}

/** Returns the details or the log of the selected task. */
function paneOf(controller: ViewController, context: RenderContext, height: number): Body {
  const { view, selected, logPane, data } = controller;
  const log = logPane.log?.held ?? null;
  if (!selected) return paneBody(view, { lines: [], top: 0 });
  if (view.pane === 'log' && log) {
    const shown = logLines(log, selected.task.name, { ...view.log, top: view.paneTop }, context, height);
    // Somebody who has scrolled back to the end wants to see new lines.
    return { ...paneBody(view, shown), follows: shown.isAtEnd };
  }
  const lines = view.isRaw
    ? rawLines(selected, context)
    : detailLines(selected, data, context, { log, height, isMuted: isMutedIn(controller)(selected) });
  return paneBody(view, scrollLines(lines, view.paneTop, height, context.ascii));
}

function paneBody({ listTop }: ViewState, { lines, top }: Scrolled): Body {
  return { lines, listTop, paneTop: top };
}

/** Returns the list on the left, and the open pane on the right. */
function besideEachOther(controller: ViewController, context: RenderContext, height: number): Body {
  const width = Math.min(WIDEST_LIST, Math.floor(context.width * LIST_SHARE));
  const list = listBody(controller, { ...context, width }, height, false);
  const pane = paneOf(controller, { ...context, width: context.width - width - DIVIDER_WIDTH }, height);
  const divider = segment(words` ${signs(context.ascii).divider} `, 'dim');
  const lines = Array.from({ length: height }, (_, row) => {
    const [left = BLANK_LINE, right = BLANK_LINE] = [list.lines[row], pane.lines[row]];
    const filler = segment(blanks(width - widthOfAll(left.segments)));
    return line([...left.segments, filler, divider, ...right.segments], Math.min(left.until, right.until));
  });
  return { ...pane, lines, listTop: list.listTop, height };
}

function listBody(
  controller: ViewController,
  context: RenderContext,
  height: number,
  isTight: boolean,
): Body {
  const { view, sections, selectedIndex } = controller;
  const columns = columnsOf(controller, context);
  const heads = isTight ? [] : [headingRow(columns, context)];
  const room = height - heads.length;
  const selected = controller.selected?.task.id ?? null;
  const { folding, listTop, follows, marked } = view;
  const tasks = { sections, selected, selectedIndex, marked, isMuted: isMutedIn(controller), folding };
  const list = listLines({ ...tasks, top: listTop, follows }, columns, context, room);
  return { lines: [...heads, ...list.lines], listTop: list.top, paneTop: 0, height: room };
}

function columnsOf({ view, data, hosts }: ViewController, context: RenderContext): Columns {
  return layoutColumns(context.width, {
    hasHosts: hosts > 1 && view.group !== 'host',
    hasSources: data.sources.size > 1 && view.group !== 'source',
  });
}

function tooSmall({ size, context, controller, keymap }: Scene, height: number): Frame {
  const said = [
    words`taskglass needs ${SMALLEST.columns}x${SMALLEST.rows}`,
    words`this is ${size.columns}x${size.rows}`,
    words`${keymap.find('q')?.binding === 'quit' ? 'q' : 'Ctrl-C'} quits`,
  ];
  const lines = said
    .slice(0, height)
    .map((text) => textLine(alignLeft(text, Math.max(1, size.columns), context.ascii)));
  const { listTop, log } = controller.view;
  return { lines, until: NEVER, listTop, paneTop: 0, isWide: false, log, bodyHeight: 0 };
}
