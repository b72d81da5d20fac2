/**
 * The width of each part of a task's row; a part of width 0 is left out. `gap` blanks precede each part except the first.
 */
export interface Columns {
  readonly name: number;
  readonly host: number;
  readonly source: number;
  readonly now: number;
  readonly bar: number;
  readonly percent: number;
  /** For how long it has been running. */
  readonly elapsed: number;
  /** For when it will be done. */
  readonly left: number;
  readonly gap: number;
}

/** The columns for the marker, the mark of unseen endings, the icon, and a blank. */
export const ROW_LEAD = 4;

const PERCENT = 4;
const ELAPSED = 5;
/** The width of `task-breakdown.json`, the longest common file name. */
const FILE_NAME = 19;

/** In fewer columns, what a task is doing would leave no room for its name. */
const ROOM_FOR_NOW = 60;
const ROOM_FOR_BAR = 72;
const ROOM_FOR_PLACES = 96;
const ROOM_FOR_WORDS = 160;
/** No row shows more of a name, however wide the screen is. */
const WIDEST_NAME = 56;
/** The name's share of what the figures leave. */
const NAME_SHARE = 0.46;
const NARROW_NAME_SHARE = 0.54;

/** What is shown to tell tasks apart only if there are several. */
export interface Places {
  readonly hasHosts: boolean;
  readonly hasSources: boolean;
}

/**
 * Divides the whole width of the screen. Nothing depends on the names of the tasks, because a column that moves with each
 * new name is hard to read.
 */
export function layoutColumns(width: number, { hasHosts, hasSources }: Places): Columns {
  if (width < ROOM_FOR_NOW) return narrowColumns(width);
  const isWide = width >= ROOM_FOR_PLACES;
  const isVeryWide = width >= ROOM_FOR_WORDS;
  const gap = isWide ? 2 : 1;
  const widestBar = hasHosts || hasSources ? Math.floor(width / 8) : Math.floor(width / 6);
  const bar = width < ROOM_FOR_BAR ? 0 : isWide ? Math.min(32, widestBar) : 8;
  const left = isVeryWide ? 20 : isWide ? 16 : 11;
  const place = isWide ? Math.min(16, Math.floor(width / 9)) : 0;
  const host = hasHosts ? place : 0;
  const source = !hasSources || (hasHosts && !isVeryWide) ? 0 : isVeryWide ? FILE_NAME : place; // a host is often a source as well
  const figures = [bar, PERCENT, ELAPSED, left, host, source].filter((part) => part > 0);
  const rest = figures.reduce((sum, part) => sum - part - gap, width - ROW_LEAD - gap);
  const name = Math.min(WIDEST_NAME, Math.floor(rest * (isWide ? NAME_SHARE : NARROW_NAME_SHARE)));
  return { name, host, source, now: rest - name, bar, percent: PERCENT, elapsed: ELAPSED, left, gap };
}

function narrowColumns(width: number): Columns {
  const left = Math.min(10, Math.max(0, width - 30));
  const name = Math.max(1, width - ROW_LEAD - PERCENT - 1 - left - 1);
  return { name, host: 0, source: 0, now: 0, bar: 0, percent: PERCENT, elapsed: 0, left, gap: 1 };
}

type Part = Exclude<keyof Columns, 'gap'>;

/**
 * The parts of a row, grouped by what a line below the task (a step, a session) shows in their place: its name, what it
 * says, its figures and its times. Each part is in exactly one group.
 */
export const PARTS = {
  name: ['name', 'host', 'source'],
  now: ['now'],
  figures: ['bar', 'percent'],
  times: ['elapsed', 'left'],
} as const satisfies Readonly<Record<string, readonly Part[]>>;

/** Returns the total width of several adjacent parts, including the gaps between them. */
export function spanOf(columns: Columns, parts: readonly Part[]): number {
  const widths = parts.map((part) => columns[part]).filter((width) => width > 0);
  return Math.max(
    0,
    widths.reduce((sum, width) => sum + width + columns.gap, -columns.gap),
  );
}
