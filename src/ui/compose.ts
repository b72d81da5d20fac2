import { words } from '../model/text.ts';
import { type Columns, layoutColumns, WIDEST_NAME } from '../present/columns.ts';
import { detailLines } from '../present/detail.ts';
import { alignLeft, widthOf } from '../present/fit.ts';
import { headerLines, type Overview } from '../present/header.ts';
import { BLANK_LINE, type Line, NEVER, soonest, textLine } from '../present/line.ts';
import { listLines } from '../present/list.ts';
import { logLines } from '../present/log.ts';
import type { RenderContext } from '../present/render-context.ts';
import { taskRow } from '../present/row.ts';
import { type Scrolled, scrollLines } from '../present/scroll.ts';
import { problemLines } from '../present/source-lines.ts';
import type { State, TaskEntry } from '../store/state.ts';
import { emptyLines } from './empty.ts';
import { footerLines } from './footer.ts';
import { helpLines } from './help.ts';
import type { ViewController } from './view-controller.ts';

export interface Size {
  readonly columns: number;
  readonly rows: number;
}

/** The smallest terminal that taskglass promises to work in. */
export const SMALLEST: Size = { columns: 40, rows: 10 };
/** With this many lines there is room for a blank one below the header, with so many for another above the footer. */
const ROOMY = 16;
const SPACIOUS = 30;
/** With fewer than this, problems have no lines of their own. */
const TIGHT = 12;

/** A whole screen: exactly `size.rows − 1` lines (a frame as tall as the terminal would scroll it). */
export interface Frame {
  readonly lines: readonly Line[];
  readonly until: number;
  readonly listTop: number;
  readonly paneTop: number;
  readonly log: ViewController['view']['log'];
  readonly bodyHeight: number;
}

/** Everything a frame is made from. `live` is the state as it is; the controller's may be frozen. */
export interface Scene {
  readonly controller: ViewController;
  readonly live: State;
  readonly overview: Overview & { readonly until: number };
  readonly context: RenderContext;
  /** The time as it is; the context's stands still while the screen is frozen. */
  readonly nowMs: number;
  readonly size: Size;
}

/** Tells whether the terminal is too small to show anything that a key could act on. */
export function isTooSmall({ columns, rows }: Size): boolean {
  return columns < SMALLEST.columns || rows < SMALLEST.rows;
}

/** Composes header, list or pane, and footer, one below the other. */
export function composeFrame(scene: Scene): Frame {
  const { controller, live, overview, context, size } = scene;
  const height = Math.max(1, size.rows - 1);
  if (isTooSmall(size)) return tooSmall(scene, height);

  const isRoomy = height >= ROOMY;
  const isTight = height < TIGHT;
  const headerRoom = isRoomy ? Math.floor(height / 3) : isTight ? 2 : 3;
  const hasHeader = !isTight || controller.view.pane === 'list';
  const header = hasHeader
    ? [...headerLines(controller.data, overview, context, headerRoom), ...blankIf(isRoomy)]
    : [];
  const problem = isTight
    ? problemLines([...controller.data.sources.values()], context, 1, controller.data.problems)[0]
    : undefined;
  const footer = [
    ...blankIf(height >= SPACIOUS),
    ...footerLines(controller, live, { ...context, nowMs: scene.nowMs }, problem),
  ];
  const bodyHeight = Math.max(0, height - header.length - footer.length);
  const body = bodyLines(scene, bodyHeight);
  const filler = Array.from({ length: bodyHeight - body.lines.length }, () => BLANK_LINE);
  const still = Math.min(soonest(header), soonest(body.lines), overview.until, controller.sections.until);
  return {
    lines: [...header, ...body.lines, ...filler, ...footer],
    until: Math.min(controller.view.frozen ? NEVER : still, soonest(footer)),
    listTop: body.listTop,
    paneTop: body.paneTop,
    log: body.follows === undefined ? controller.view.log : { ...controller.view.log, follows: body.follows },
    bodyHeight,
  };
}

function blankIf(isWanted: boolean): Line[] {
  return isWanted ? [BLANK_LINE] : [];
}

/** Returns the list as plain lines, folded, without marks and keys: what stays in the terminal afterwards. */
export function lastLines({ controller, overview, context }: Scene, most: number): Line[] {
  const { entries } = controller.sections;
  const rows = entries
    .slice(0, most)
    .map((entry) => taskRow(entry, columnsOf(controller, context), context, false));
  const more = entries.length > most ? [textLine(words`  ${entries.length - most} more`)] : [];
  return [...headerLines(controller.data, overview, context, 12), ...rows, ...more];
}

function bodyLines(
  { controller, context }: Scene,
  height: number,
): { lines: readonly Line[]; listTop: number; paneTop: number; follows?: boolean } {
  const { view, sections, data } = controller;
  const inPane = (scrolled: Scrolled) => ({
    lines: scrolled.lines,
    listTop: view.listTop,
    paneTop: scrolled.top,
  });
  const scroll = (lines: readonly Line[]) => inPane(scrollLines(lines, view.paneTop, height, context.ascii));

  if (view.pane === 'help') return scroll(helpLines(context));
  if (view.pane === 'log' && controller.logPane.log && controller.selected) {
    const look = { ...view.log, top: view.paneTop };
    const shown = logLines(controller.logPane.log.held, controller.selected.task.name, look, context, height);
    // Whoever has come back to the end wants to see what comes.
    return { lines: shown.lines, listTop: view.listTop, paneTop: shown.top, follows: shown.isAtEnd };
  }
  if (view.pane === 'detail' && controller.selected)
    return scroll(detailLines(controller.selected, data, context));
  if (sections.entries.length === 0) {
    return { lines: emptyLines(controller, context).slice(0, height), listTop: 0, paneTop: 0 };
  }
  const selected = controller.selected?.task.id ?? null;
  const list = listLines(
    { sections, selected, folding: view.folding, top: view.listTop },
    columnsOf(controller, context),
    context,
    height,
  );
  return { lines: list.lines, listTop: list.top, paneTop: 0 };
}

function columnsOf({ view, data, sections }: ViewController, context: RenderContext): Columns {
  const isObvious = data.sources.size <= 1 || view.group === 'source';
  return layoutColumns(context.width, {
    name: widestName(sections.entries),
    source: isObvious ? 0 : Math.max(...[...data.sources.keys()].map(widthOf)),
  });
}

const widestNames = new WeakMap<readonly TaskEntry[], number>();

/** Returns the width of the widest name; it stops at the first name that is wider than is ever shown. */
function widestName(entries: readonly TaskEntry[]): number {
  const known = widestNames.get(entries);
  if (known !== undefined) return known;
  let widest = 0;
  for (const { task } of entries) {
    if (task.name.length <= widest / 2) continue; // no character takes more than two columns
    widest = Math.max(widest, task.name.length > WIDEST_NAME ? WIDEST_NAME : widthOf(task.name));
    if (widest >= WIDEST_NAME) break;
  }
  widestNames.set(entries, widest);
  return widest;
}

function tooSmall({ size, context, controller }: Scene, height: number): Frame {
  const said = [
    words`taskglass needs ${SMALLEST.columns}x${SMALLEST.rows}`,
    words`this is ${size.columns}x${size.rows}`,
    words`q quits`,
  ];
  const lines = said
    .slice(0, height)
    .map((text) => textLine(alignLeft(text, Math.max(1, size.columns), context.ascii)));
  const { listTop, log } = controller.view;
  return { lines, until: NEVER, listTop, paneTop: 0, log, bodyHeight: 0 };
}
