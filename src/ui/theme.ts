import { styleText } from 'node:util';
import { asciiText } from '../present/fit.ts';
import type { Line, Tone } from '../present/line.ts';

/** A line as the terminal gets it. */
export type Paint = (line: Line) => string;

/** The sixteen colours that every terminal has, and that its owner has chosen. */
const FORMATS: Record<Tone, Parameters<typeof styleText>[0] | null> = {
  plain: null,
  strong: 'bold',
  dim: 'gray',
  ok: 'green',
  bad: 'red',
  wait: 'yellow',
  busy: 'blueBright', // plain blue is next to unreadable on black
  ask: 'magenta',
};

/** Turns tones into colours, or into nothing. A line is painted once and remembered. */
export function createPaint(options: { readonly color: boolean; readonly ascii: boolean }): Paint {
  const painted = new WeakMap<Line, string>();
  const styles = options.color ? openAndClose() : null;

  return (line) => {
    const known = painted.get(line);
    if (known !== undefined) return known;
    const text = line.segments
      .map((segment) => {
        const style = styles?.[segment.tone];
        const text = options.ascii ? asciiText(segment.text) : segment.text;
        return style ? `${style.open}${text}${style.close}` : text;
      })
      .join('');
    painted.set(line, text);
    return text;
  };
}

function openAndClose(): Partial<Record<Tone, { open: string; close: string }>> {
  const pairs = Object.entries(FORMATS).flatMap(([tone, format]) => {
    if (!format) return [];
    const [open = '', close = ''] = styleText(format, '|', { validateStream: false }).split('|');
    return [[tone, { open, close }] as const];
  });
  return Object.fromEntries(pairs);
}
