import { countOf, type Found, type OutputLine } from './found.ts';
import { labelOf, readText } from './text/read-text.ts';

/** A bar in a group that is drawn together. */
interface Bar {
  readonly label: string;
  readonly percent: number;
  /** It has begun again: it belongs to one thing after the other, beside a bar of the whole. */
  readonly hasRestarted: boolean;
  /** How far the topmost bar was when this one was first drawn; null for the topmost bar itself. */
  readonly topAtBirth: number | null;
}

const RESTARTS_BY = 50;
const OF_ALL = /^(?:total|overall|all|whole|gesamt|insgesamt|ensemble|totale?)\b/u;
/** Docker's `[+] Building 3.2s (5/12)`. */
const HEADING = /^\s*\[\+\]\s/u;

/**
 * Reads rows that are drawn as a group, each with a bar. The whole is all bars together, including those that have gone, unless
 * one bar stands for all of them.
 */
export function createBarsReader(): (lines: readonly OutputLine[]) => Found | null {
  let ended = 0;
  let bars: readonly Bar[] = [];
  /** The labels of bars that came and went while the one above them stood still, as in nested loops. */
  const inner = new Set<string>();

  /** Returns how many of the bars that have gone belonged to a part of the whole. */
  function countGone(gone: readonly Bar[]): number {
    const [top] = bars;
    for (const bar of gone) if (top && !gone.includes(top) && isUnmoved(top, bar)) inner.add(bar.label);
    return gone.filter(({ label, hasRestarted }) => !hasRestarted && !inner.has(label)).length;
  }

  return (lines) => {
    const drawn = lines.flatMap((line) => {
      const bar = readBar(line);
      return bar ? [bar] : [];
    });
    const ofAll = drawn.find(({ isOfAll }) => isOfAll);
    if (ofAll) return ofAll.found;
    if (drawn.length === 0) return null;
    const known = match(drawn, bars);
    ended += countGone(bars.filter((each) => !known.some(({ before }) => before === each)));
    const top = known[0]?.bar.percent ?? 0;
    bars = known.map(({ bar, before }, index) => ({
      ...bar,
      percent: Math.max(bar.percent, before && !isRestart(bar, before) ? before.percent : 0),
      hasRestarted: before
        ? before.hasRestarted || isRestart(bar, before)
        : index > 0 && inner.has(bar.label),
      topAtBirth: index === 0 ? null : (before?.topAtBirth ?? top),
    }));
    const [only] = drawn;
    if (only && drawn.length === 1 && ended === 0) return only.found;
    const counted = bars.filter(({ hasRestarted }) => !hasRestarted);
    if (counted.length === 0 || counted.some((bar) => isInDoubt(bars[0], bar))) return null;
    const sum = counted.reduce((all, { percent }) => all + percent, ended * 100);
    return countOf(sum, (counted.length + ended) * 100);
  };
}

function readBar(line: OutputLine): (Bar & { isOfAll: boolean; found: Found }) | null {
  const found = readText(line);
  const percent = found && figureOf(found);
  if (!found || percent === null) return null;
  const label = labelOf(line.text.replace(/\d.*$/su, ''));
  const isOfAll = OF_ALL.test(label) || HEADING.test(line.text);
  return { label, percent, hasRestarted: false, topAtBirth: null, isOfAll, found };
}

function figureOf(found: Found): number | null {
  if (found.kind === 'percent') return found.percent;
  if (found.kind === 'count') return (found.done / found.total) * 100;
  if (found.kind === 'step') return ((found.number - 1 + (found.percent ?? 0) / 100) / found.total) * 100;
  return null;
}

/** Matches each bar with an earlier one: by its label, else by its place, unless it would have gone back. */
function match<B extends Bar>(
  drawn: readonly B[],
  before: readonly Bar[],
): { bar: B; before: Bar | undefined }[] {
  const left = [...before];
  const byLabel = drawn.map((bar) => {
    const at = bar.label === '' ? -1 : left.findIndex(({ label }) => label === bar.label);
    return at === -1 ? undefined : left.splice(at, 1)[0];
  });
  return drawn.map((bar, index) => {
    if (byLabel[index]) return { bar, before: byLabel[index] };
    const at = left.findIndex((other) => other.percent <= bar.percent || other.label === bar.label);
    return { bar, before: at === -1 ? undefined : left.splice(at, 1)[0] };
  });
}

function isUnmoved(top: Bar, { topAtBirth }: Bar): boolean {
  return topAtBirth !== null && top.percent < 100 && top.percent === topAtBirth;
}

/** Tells whether it cannot be known yet if a bar is a part of the one above it or stands beside it. */
function isInDoubt(top: Bar | undefined, bar: Bar): boolean {
  return top !== undefined && bar.topAtBirth === 0 && bar.percent > 0 && isUnmoved(top, bar);
}

function isRestart(bar: Bar, before: Bar): boolean {
  return before.percent - bar.percent >= RESTARTS_BY;
}
