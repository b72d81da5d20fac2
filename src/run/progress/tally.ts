import type { Found, FoundStep } from './found.ts';
import { createPhases, type Phases } from './phases.ts';
import { type Progress, UNKNOWN } from './progress.ts';

/** The ways to find progress, the least reliable first: a better one silences those before it. */
export const WAYS = ['file', 'text', 'pattern', 'stream', 'bar', 'status'] as const;
export type Way = (typeof WAYS)[number];

/** Combines what is found, one figure after the other, so that the whole never goes back without a reason. */
export interface Tally {
  /** Returns whether anything has changed. */
  take(found: Found, way: Way): boolean;
  /**
   * Forgets what was found in a way that has fallen silent, so that less reliable ways count again. Returns whether anything
   * has changed.
   */
  release(way: Way): boolean;
  readonly way: Way | null;
  readonly progress: Progress;
}

/** More steps than this are a count, not steps that anyone reads. */
const MOST_STEPS = 100;
/** After this many figures that follow a tool's list of steps, they belong to something that comes after it. */
const MOST_OTHERS = 8;
/** While the command lives, there is something left to do. */
const MOST_PERCENT = 99;

export function createTally(): Tally {
  let way: Way | null = null;
  let reading = createReading(false);
  let progress = UNKNOWN;
  let compared = JSON.stringify(progress);

  /** Returns whether that changes anything. */
  function change(next: Progress): boolean {
    const before = compared;
    progress = next;
    compared = JSON.stringify(next);
    return compared !== before;
  }

  function use(next: Way): void {
    way = next;
    reading = createReading(next === 'status');
  }

  return {
    take(found, from) {
      if (found.kind === 'nothing' || found.kind === 'moving') return false;
      if (way !== null && WAYS.indexOf(from) < WAYS.indexOf(way)) return false;
      if ((found.kind === 'unknown' || found.kind === 'anew') && way !== from) return false;
      if (way !== from) use(from);
      return change(unended(reading(found)));
    },
    release(from) {
      if (way !== from) return false;
      way = null;
      return change(UNKNOWN);
    },
    get way() {
      return way;
    },
    get progress() {
      return progress;
    },
  };
}

/**
 * Returns a function that takes what is found in one way. `isTrusted` means that the program reports its own state, which may
 * also go back.
 */
function createReading(isTrusted: boolean): (found: Found) => Progress {
  let names: string[] | null = null;
  let current = 0;
  let phases: Phases = createPhases();
  let listed: readonly FoundStep[] = [];
  let last = UNKNOWN;
  let others = 0;

  function whole(percent: number | null): Progress {
    if (!names) return phases.progress(percent);
    return {
      steps: names.map((name, index) => {
        if (index < current) return { name, status: 'completed', percent: null };
        return index === current
          ? { name, status: 'running', percent }
          : { name, status: 'pending', percent: null };
      }),
    };
  }

  /**
   * Tells whether figures appear beside a tool's own list of steps: then they are not those of the whole, unless more and more
   * of them arrive.
   */
  function isApart(): boolean {
    if (listed.length === 0) return false;
    others += 1;
    if (others < MOST_OTHERS) return true;
    listed = [];
    phases = createPhases(['part 1']);
    return false;
  }

  function figure(percent: number, label: string, total: number | null, isLast = false): Progress {
    if (isTrusted) return whole(percent);
    if (isApart()) return last;
    return whole(phases.take(percent, label, total, isLast));
  }

  function count({ done, total, label = '', isNextBegun }: Extract<Found, { kind: 'count' }>): Progress {
    return figure((done / total) * 100, label, total, isNextBegun && done === total - 1);
  }

  function begin({ number, total, name, percent }: Extract<Found, { kind: 'step' }>): Progress {
    if (total < 2 && percent !== undefined) return figure(percent, '', null);
    if (total > MOST_STEPS) return figure(((number - 1 + (percent ?? 0) / 100) / total) * 100, '', total);
    const known =
      names?.length === total ? names : Array.from({ length: total }, (_, index) => `step ${index + 1}`);
    if (known !== names || number - 1 !== current) phases = createPhases();
    if (known !== names || number - 1 > current) current = number - 1;
    names = name === '' ? known : known.with(number - 1, name);
    return percent === undefined ? whole(phases.percent) : figure(percent, '', null);
  }

  function list(steps: readonly FoundStep[]): Progress {
    names = null;
    others = 0;
    listed = isTrusted ? steps : steps.map((step, index) => notBack(step, listed[index]));
    if (listed.length > MOST_STEPS)
      return { steps: [{ name: null, status: 'running', percent: meanOf(listed) }] };
    return { steps: listed };
  }

  function read(found: Found): Progress {
    switch (found.kind) {
      case 'percent':
        return figure(found.percent, found.label ?? '', null);
      case 'count':
        return count(found);
      case 'step':
        return begin(found);
      case 'steps':
        return list(found.steps);
      case 'anew':
        phases = createPhases();
        return last;
      case 'unknown':
        phases = createPhases();
        return UNKNOWN;
      default:
        throw new TypeError(`${found.kind} is nothing to be taken`);
    }
  }

  return (found) => {
    last = read(found);
    return last;
  };
}

function meanOf(steps: readonly FoundStep[]): number {
  const done = steps.reduce(
    (sum, { status, percent }) => sum + (status === 'completed' ? 100 : (percent ?? 0)),
    0,
  );
  return done / steps.length;
}

/** Keeps a step of a list from going back, or from running again. */
function notBack(step: FoundStep, before: FoundStep | undefined): FoundStep {
  if (before?.name !== step.name) return step;
  if (before.status === 'completed') return before;
  if (step.status !== 'running' || before.percent === null) return step;
  return { ...step, percent: Math.max(step.percent ?? 0, before.percent) };
}

/** Keeps the whole below 100 while the command lives: if everything is done, the last step is shown as not quite done. */
function unended({ steps }: Progress): Progress {
  const bounded = steps.map((step) =>
    step.status === 'running' && step.percent !== null
      ? { ...step, percent: Math.min(MOST_PERCENT, Math.max(0, step.percent)) }
      : step,
  );
  if (!bounded.every(({ status }) => status === 'completed')) return { steps: bounded };
  const last = bounded.at(-1);
  if (!last) return UNKNOWN;
  return { steps: [...bounded.slice(0, -1), { ...last, status: 'running', percent: MOST_PERCENT }] };
}
