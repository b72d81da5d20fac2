import type { SourceStatus } from '../model/event.ts';
import type { StepStatus, TaskStatus } from '../model/task.ts';
import { joined, type PlainText, words } from '../model/text.ts';
import type { Tone } from './line.ts';

/** A sign of one column, with its tone. */
export interface Glyph {
  readonly text: PlainText;
  readonly tone: Tone;
}

const SPINNER = [
  words`⠋`,
  words`⠙`,
  words`⠹`,
  words`⠸`,
  words`⠼`,
  words`⠴`,
  words`⠦`,
  words`⠧`,
  words`⠇`,
  words`⠏`,
];
const ASCII_SPINNER = [words`|`, words`/`, words`-`, words`\\`];

/** Returns a task's sign. `newsCount` turns the spinner: motion means news, and a silent task stands still. */
export function taskGlyph(status: TaskStatus, newsCount: number, ascii: boolean): Glyph {
  if (status === 'running') return { text: spinner(newsCount, ascii), tone: 'busy' };
  const { text, asciiText, tone } = STATUS_GLYPHS[status];
  return { text: ascii ? asciiText : text, tone };
}

export function stepGlyph(status: StepStatus, newsCount: number, ascii: boolean): Glyph {
  switch (status) {
    case 'pending':
      return taskGlyph('queued', 0, ascii);
    case 'skipped':
      return taskGlyph('cancelled', 0, ascii);
    default:
      return taskGlyph(status, newsCount, ascii);
  }
}

export function sourceGlyph(status: SourceStatus, isDegraded: boolean, ascii: boolean): Glyph {
  if (status === 'down') return taskGlyph('failed', 0, ascii);
  if (status === 'connecting') return taskGlyph('waiting', 0, ascii);
  if (isDegraded) return { text: words`!`, tone: 'wait' };
  return { text: ascii ? words`*` : words`●`, tone: 'ok' };
}

function spinner(newsCount: number, ascii: boolean): PlainText {
  const frames = ascii ? ASCII_SPINNER : SPINNER;
  return frames[newsCount % frames.length] ?? words``;
}

const STATUS_GLYPHS: Record<
  Exclude<TaskStatus, 'running'>,
  { readonly text: PlainText; readonly asciiText: PlainText; readonly tone: Tone }
> = {
  queued: { text: words`○`, asciiText: words`o`, tone: 'dim' },
  waiting: { text: words`◌`, asciiText: words`:`, tone: 'wait' },
  'needs-input': { text: words`?`, asciiText: words`?`, tone: 'ask' },
  completed: { text: words`✓`, asciiText: words`+`, tone: 'ok' },
  failed: { text: words`✗`, asciiText: words`x`, tone: 'bad' },
  cancelled: { text: words`⊘`, asciiText: words`~`, tone: 'dim' },
};

/** The other signs of the screen; each ASCII variant is as wide as its original. */
export interface Signs {
  readonly marker: PlainText;
  /** Marks what ended while nobody was looking. */
  readonly unseen: PlainText;
  readonly marked: PlainText;
  /** Marks tasks whose notifications are muted. */
  readonly muted: PlainText;
  readonly done: PlainText;
  readonly open: PlainText;
  readonly dot: PlainText;
  readonly dash: PlainText;
  readonly divider: PlainText;
  readonly up: PlainText;
  readonly down: PlainText;
}

const SIGNS: Signs = {
  marker: words`›`,
  unseen: words`•`,
  marked: words`■`,
  muted: words`×`,
  done: words`━`,
  open: words`─`,
  dot: words`·`,
  dash: words`–`,
  divider: words`│`,
  up: words`↑`,
  down: words`↓`,
};
const ASCII_SIGNS: Signs = {
  marker: words`>`,
  unseen: words`*`,
  marked: words`#`,
  muted: words`m`,
  done: words`#`,
  open: words`.`,
  dot: words`-`,
  dash: words`-`,
  divider: words`|`,
  up: words`^`,
  down: words`v`,
};

export function signs(ascii: boolean): Signs {
  return ascii ? ASCII_SIGNS : SIGNS;
}

/** Returns a bar of `width` columns for a `progress` of 0–100. It is full only at 100 and empty only at 0. */
export function bar(progress: number, width: number, ascii: boolean): PlainText {
  return joined(barParts(progress, width, ascii), '');
}

/** Returns the bar in two parts: what is done, and what is left. */
export function barParts(progress: number, width: number, ascii: boolean): readonly [PlainText, PlainText] {
  const { done, open } = signs(ascii);
  const part = Math.min(width - 1, Math.max(1, Math.floor((progress / 100) * width)));
  const filled = progress >= 100 ? width : progress > 0 ? part : 0;
  return width <= 0 ? [words``, words``] : [done.repeat(filled), open.repeat(width - filled)];
}
