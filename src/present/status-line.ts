import type { StatusFigures } from '../model/status-figures.ts';
import type { TaskStatus } from '../model/task.ts';
import { joined, type PlainText, plainName, words } from '../model/text.ts';
import { cut } from './fit.ts';
import { taskGlyph } from './glyphs.ts';

export const STATUS_FORMATS = ['plain', 'tmux', 'waybar', 'starship', 'json'] as const;
export type StatusFormat = (typeof STATUS_FORMATS)[number];

/** A part of the line: how many tasks there are of one kind. `short` is for a prompt. */
interface Part {
  readonly status: TaskStatus;
  readonly long: PlainText;
  readonly short: PlainText;
}

const LONGEST = 80;
/** tmux's names for the colours that the view uses. */
const TMUX_COLOURS: Partial<Record<TaskStatus, string>> = {
  'needs-input': 'magenta',
  running: 'blue',
  failed: 'red',
};

/** Returns the line in the requested format. */
export function statusLine(figures: StatusFigures, format: StatusFormat, ascii: boolean): string {
  switch (format) {
    case 'plain':
      return plainLine(figures, ascii);
    case 'tmux':
      return tmuxLine(figures, ascii);
    case 'starship':
      return cut(shortLine(figures, ascii), LONGEST, ascii);
    case 'waybar':
      return JSON.stringify(waybarModule(figures, ascii));
    case 'json':
      return JSON.stringify({ ...figures, text: plainLine(figures, ascii) });
    default:
      return format satisfies never;
  }
}

function plainLine(figures: StatusFigures, ascii: boolean): PlainText {
  const parts = partsOf(figures, ascii).map(({ long }) => long);
  return cut(
    joined([...parts, ...doneOf(figures)], ascii ? ' - ' : ' · ') || words`no tasks`,
    LONGEST,
    ascii,
  );
}

/** Returns signs and numbers only; empty if nothing needs attention, so that a prompt can leave it out. */
function shortLine(figures: StatusFigures, ascii: boolean): PlainText {
  const parts = partsOf(figures, ascii).map(({ short }) => short);
  if (parts.length === 0) return words``;
  const left = /^done in (.*)$/u.exec(figures.done)?.[1];
  return joined([...parts, ...(left === undefined ? [] : [plainName(left)])], ' ');
}

/** Returns the line with tmux's colours. The line itself contains no `#`, which tmux would interpret. */
function tmuxLine(figures: StatusFigures, ascii: boolean): string {
  const parts = partsOf(figures, ascii).map(
    ({ status, long }) => `#[fg=${TMUX_COLOURS[status] ?? 'default'}]${long}#[fg=default]`,
  );
  return [...parts, ...doneOf(figures)].join(ascii ? ' - ' : ' · ') || 'no tasks';
}

/** Returns what waybar reads: the text, the tooltip, and a class for its style sheet. */
function waybarModule(figures: StatusFigures, ascii: boolean) {
  const { needsYou, failed, running } = figures;
  const state = needsYou > 0 ? 'needs-you' : failed > 0 ? 'failed' : running > 0 ? 'running' : 'idle';
  const asking = figures.asking.map(({ name, why }) => `${name}: ${why.replace(/\s+/gu, ' ')}`);
  return {
    text: markup(shortLine(figures, ascii)),
    tooltip: [plainLine(figures, ascii), ...asking].map(markup).join('\n'),
    class: state,
    alt: state,
  };
}

/** Escapes what Pango would interpret as markup. */
function markup(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

function doneOf({ done }: StatusFigures): PlainText[] {
  return done === '' ? [] : [plainName(done)];
}

function partsOf(figures: StatusFigures, ascii: boolean): Part[] {
  const { needsYou, running, stalled, failed, waiting, queued } = figures;
  const counted: readonly (readonly [TaskStatus, number, PlainText])[] = [
    ['needs-input', needsYou, needsYou === 1 ? words`needs you` : words`need you`],
    ['running', running, stalled > 0 ? words`running (${stalled} stalled)` : words`running`],
    ['failed', failed, words`failed`],
    ['waiting', running + needsYou > 0 ? 0 : waiting, words`waiting`],
    ['queued', running + needsYou > 0 ? 0 : queued, words`queued`],
  ];
  return counted
    .filter(([, count]) => count > 0)
    .map(([status, count, word]) => {
      const { text } = taskGlyph(status, 0, ascii);
      return { status, long: words`${text} ${count} ${word}`, short: words`${text}${count}` };
    });
}
