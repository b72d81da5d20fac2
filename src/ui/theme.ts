import { asciiText } from '../present/fit.ts';
import type { Line, Segment, Tone } from '../present/line.ts';

/** Returns a line as it is sent to the terminal. */
export type Paint = (line: Line) => string;

/**
 * Colours from the sixteen that every terminal has and whose shades its owner has chosen. Blue is the bright one, because
 * the other is almost unreadable on black. There is no grey: in some palettes it is the background's colour.
 */
const COLOURS: Partial<Record<Tone, number>> = { ok: 32, bad: 31, wait: 33, busy: 94, ask: 35 };
const BOLD = 1;
const FAINT = 2;
const REVERSE = 7;

/**
 * Returns a function that turns tones into colours and weights; without colour, weights remain. Each line is painted once
 * and remembered.
 */
export function createPaint(options: { readonly color: boolean; readonly ascii: boolean }): Paint {
  const painted = new WeakMap<Line, string>();
  return (line) => {
    const known = painted.get(line);
    if (known !== undefined) return known;
    const text = merged(line.segments.map((segment) => styled(segment, options)))
      .map(({ text, codes }) => withCodes(text, codes))
      .join('');
    painted.set(line, text);
    return text;
  };
}

/** Returns a function that turns a line into bare text, for what is printed and not drawn. */
export function createPlainPaint({ ascii }: { readonly ascii: boolean }): Paint {
  return ({ segments }) => segments.map(({ text }) => (ascii ? asciiText(text) : text)).join('');
}

interface Styled {
  readonly text: string;
  /** The SGR parameters that turn the style on. */
  readonly codes: readonly number[];
}

function styled({ text, tone, look }: Segment, options: { color: boolean; ascii: boolean }): Styled {
  const colour = options.color ? COLOURS[tone] : undefined;
  const isFaint = tone === 'dim' ? look !== 'reverse' : look === 'faint' && tone !== 'strong';
  const codes = [
    ...(tone === 'strong' ? [BOLD] : isFaint ? [FAINT] : []),
    ...(look === 'reverse' ? [REVERSE] : []),
    ...(colour === undefined ? [] : [colour]),
  ];
  return { text: options.ascii ? asciiText(text) : text, codes };
}

/** Merges neighbours that look alike: each change of style costs bytes in every frame. */
function merged(parts: readonly Styled[]): Styled[] {
  const runs: Styled[] = [];
  for (const part of parts) {
    const last = runs.at(-1);
    if (
      last &&
      (String(last.codes) === String(part.codes) || (isInvisible(part) && !last.codes.includes(REVERSE)))
    )
      runs[runs.length - 1] = { text: last.text + part.text, codes: last.codes };
    else runs.push(part);
  }
  return runs;
}

/** Blanks look the same in every style except reverse. */
function isInvisible({ text, codes }: Styled): boolean {
  return !codes.includes(REVERSE) && text.trim() === '';
}

function withCodes(text: string, codes: readonly number[]): string {
  if (codes.length === 0) return text;
  const open = codes.map((code) => `\u001b[${code}m`).join('');
  const close = codes.map((code) => `\u001b[${closeOf(code)}m`).reverse();
  return open + text + close.join('');
}

/** The SGR parameters that are on at some point of a row. */
export type StyleCodes = readonly number[];

/** Returns the parameters that are on after another one. */
export function withStyleCode(codes: StyleCodes, code: number): StyleCodes {
  if (code === 0) return [];
  return ENDS.has(code) ? codes.filter((held) => closeOf(held) !== code) : [...codes, code];
}

const ENDS: ReadonlySet<number> = new Set([22, 27, 39]);

function closeOf(code: number): number {
  if (code === BOLD || code === FAINT) return 22;
  return code === REVERSE ? 27 : 39;
}
