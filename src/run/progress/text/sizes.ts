import { NUMBER, readDecimal, readPair, readWhole } from './numbers.ts';
import type { Figure } from './percent.ts';

const UNIT = `(?:[kKMGTP]i?[Bb]?|[Bb](?:ytes?)?|[kmg]b)`;
const PAIR = new RegExp(
  String.raw`(?<![\w.,/-])(?<n>${NUMBER})\s?(?<unit>${UNIT})?\s?(?:/|of|von|de|sur|di)\s?(?<m>${NUMBER})\s?(?<total>${UNIT})(?![\w/])`,
  'u',
);
const POWERS = 'bkmgtp';

export interface SizesFigure extends Figure {
  readonly done: number;
  readonly total: number;
}

/** Finds two sizes of which at least the second has a unit: `40.9/45.6 MB`, `900 KiB / 1.2 GiB`, `12,5 of 20,0 GB`. */
export function findSizes(text: string): SizesFigure | null {
  const match = PAIR.exec(text);
  const { n, unit, m, total } = match?.groups ?? {};
  if (!match || n === undefined || m === undefined || total === undefined) return null;
  const [done, all] = unit && unit !== total ? [readSize(n, unit), readSize(m, total)] : readPair(n, m);
  if (!(all > 0 && done <= all)) return null;
  return { done, total: all, from: match.index, to: match.index + match[0].length };
}

/** Reads a figure with its unit, in bytes. A unit without a B (`10M`) counts by 1,024, as in the tools that leave it out. */
export function readSize(figure: string, unit: string): number {
  const power = Math.max(0, POWERS.indexOf(unit.charAt(0).toLowerCase()));
  const isBinary = /^[kmgtp](?:i|$)/iu.test(unit);
  const value = power === 0 ? readWhole(figure) : readDecimal(figure);
  return value * (isBinary ? 1024 : 1000) ** power;
}
