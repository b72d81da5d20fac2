import { type Tags, tagNamed, tagValue } from '../tags.ts';

/**
 * A progress figure as a provider wrote it. NIP-90 does not define the tag, so some providers count to 100 and some to 1;
 * `0.5` may mean either. `isFraction` marks a figure that may be a share of 1 (`0.5`), `isPercent` one that cannot be (`50`,
 * `1.5`, `50%`); `0` and `1` are neither. `readScaled` decides, given the provider's other figures.
 */
export interface ProgressFigure {
  readonly value: number;
  readonly isFraction: boolean;
  readonly isPercent: boolean;
}

/** Reads the figure of a `progress` tag: a number, `"150%"`, or a pair `done, total`. */
export function readProgressTag(tags: Tags): ProgressFigure | null {
  const [, first, second] = tagNamed(tags, 'progress') ?? [];
  const value = readNumber(first);
  if (first === undefined || value === null) return null;
  const total = readNumber(second);
  if (total !== null && total > 0 && value >= 0 && value <= total) return percent((value * 100) / total);
  return first.trim().endsWith('%') || Math.abs(value) > 1
    ? percent(value)
    : { value: clamp(value, 1), isFraction: !Number.isInteger(value), isPercent: false };
}

const PERCENT_IN_TEXT = /(?<![\d.])(\d{1,3}(?:\.\d+)?)\s?%/u;

/** Reads the first percentage in a text: `"Download in progress: 37.5% done at 4.2MB/s"`. */
export function readPercentInText(text: string): ProgressFigure | null {
  const value = readNumber(PERCENT_IN_TEXT.exec(text.slice(0, 1_000))?.[1]);
  return value === null ? null : percent(value);
}

/**
 * Scales a figure to 0–100. It is a share of 1 if the same provider has sent fractions, and nothing above 1.
 */
export function readScaled(
  figure: ProgressFigure,
  lane: { sawFraction: boolean; sawPercent: boolean },
): number {
  return figure.isPercent || lane.sawPercent || !lane.sawFraction ? figure.value : figure.value * 100;
}

/** Reads the remaining time, ms, from an `eta` tag in seconds; null if it is longer than ten years. */
export function readEtaMs(tags: Tags): number | null {
  const seconds = readNumber(tagValue(tags, 'eta'));
  return seconds === null || seconds < 0 || seconds > TEN_YEARS_SECONDS ? null : Math.round(seconds * 1000);
}

const TEN_YEARS_SECONDS = 10 * 366 * 24 * 3600;

/**
 * Reads a provider's price, in sat, from an `amount` tag in millisat. Some providers write sat: this is recognised by an
 * invoice beside it of a thousand times as much.
 */
export function readAmountSat(tags: Tags): number | null {
  const [, amount, invoice] = tagNamed(tags, 'amount') ?? [];
  const written = readNumber(amount?.replaceAll('_', ''));
  const invoiced = readInvoiceMillisat(invoice);
  const millisat = written === null || written * 1000 === invoiced ? invoiced : written;
  return millisat === null || millisat < 0 ? null : millisat / 1000;
}

/** Reads the amount of a bolt11 invoice from its first characters, in bitcoin with a multiplier: `lnbc250n1…`. */
function readInvoiceMillisat(invoice: string | undefined): number | null {
  const [, digits, multiplier = ''] = /^ln(?:bc|tb|bcrt)(\d{1,15})([munp]?)1/iu.exec(invoice ?? '') ?? [];
  const millisat = digits === undefined ? undefined : MILLISAT[multiplier.toLowerCase()];
  return millisat === undefined ? null : Number(digits) * millisat;
}

const MILLISAT: Record<string, number | undefined> = {
  '': 100_000_000_000,
  m: 100_000_000,
  u: 100_000,
  n: 100,
  p: 0.1,
};

/** Reads epoch ms from a `created_at`, which some write in milliseconds. Anything before 1970 counts as 1970. */
export function readStampMs(createdAt: number): number {
  return Math.max(0, createdAt > LARGEST_SECONDS ? createdAt : createdAt * 1000);
}

/** As seconds, anything larger would be after the year 5000: it is in milliseconds. */
const LARGEST_SECONDS = 100_000_000_000;

/** Reads a whole or decimal number, with or without a percent sign; null for anything else. */
export function readNumber(raw: string | undefined): number | null {
  if (raw === undefined || raw.length > LONGEST_NUMBER) return null;
  const digits = NUMBER.exec(raw)?.[1];
  const value = Number(digits);
  return digits === undefined || !Number.isFinite(value) ? null : value;
}

const NUMBER = /^\s*([+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?)\s*%?\s*$/iu;
const LONGEST_NUMBER = 40;

function percent(value: number): ProgressFigure {
  return { value: clamp(value, 100), isFraction: false, isPercent: true };
}

function clamp(value: number, most: number): number {
  return Math.min(most, Math.max(0, value));
}
