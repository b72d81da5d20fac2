/** Progress found in a command's output. */
export type Found =
  /** How far the whole (or the current step) is, 0–100. `label` tells one bar from another. */
  | { readonly kind: 'percent'; readonly percent: number; readonly label?: string }
  /** `done` of `total` things, or bytes, are done; the next one may be known to be under way. */
  | {
      readonly kind: 'count';
      readonly done: number;
      readonly total: number;
      readonly label?: string;
      readonly isNextBegun?: true;
    }
  /** Step `number` of `total` begins; `percent` is how far that step is. */
  | {
      readonly kind: 'step';
      readonly number: number;
      readonly total: number;
      readonly name: string;
      readonly percent?: number;
    }
  /** All steps that are known, each with a state of its own. */
  | { readonly kind: 'steps'; readonly steps: readonly FoundStep[] }
  /** The command is under way, but it is no longer known how far. */
  | { readonly kind: 'unknown' }
  /** What was found before was read line by line, but belongs together: the next figure is for the whole. */
  | { readonly kind: 'anew' }
  /** The tool is working, and does not say how much there is to do. The file that it reads may. */
  | { readonly kind: 'moving' }
  /** The line is understood and says nothing about progress, so nobody else may read a figure in it. */
  | { readonly kind: 'nothing' };

export interface FoundStep {
  readonly name: string;
  readonly status: 'pending' | 'running' | 'completed' | 'failed';
  /** 0–100; null if not known. */
  readonly percent: number | null;
  /** Its share of the whole; 1 if absent. */
  readonly weight?: number;
}

/** A line of output as a terminal shows it, without escape sequences. */
export interface OutputLine {
  readonly text: string;
  /** It replaced another line, like a bar that is drawn again. */
  readonly isRedrawn: boolean;
}

/** Reads one tool's lines, and remembers what earlier ones said. Returns null if the line is not one of the tool's. */
export type LineReader = (line: OutputLine) => Found | null;

/** A tool whose output is understood. */
export interface Tool {
  /** How those of its lines begin that have no figure to identify them: no percentage, no `n/m`, no `n of m`. */
  readonly begins?: RegExp;
  /** Its output is meant for machines, so it counts for more than the user's own pattern. */
  readonly isForMachines?: boolean;
  readonly createReader: () => LineReader;
}

export const NOTHING: Found = { kind: 'nothing' };
export const MOVING: Found = { kind: 'moving' };

export function percentOf(percent: number, label?: string): Found | null {
  if (!(percent >= 0 && percent <= 100)) return null;
  return label ? { kind: 'percent', percent, label } : { kind: 'percent', percent };
}

export function countOf(done: number, total: number, label?: string): Found | null {
  if (!(total > 0 && done >= 0 && done <= total)) return null;
  return label ? { kind: 'count', done, total, label } : { kind: 'count', done, total };
}

/** Returns the count of what is done if thing `number` of `total` is under way. */
export function nextBegunOf(number: number, total: number, label?: string): Found | null {
  const found = countOf(number - 1, total, label);
  return found?.kind === 'count' ? { ...found, isNextBegun: true } : null;
}

/** Returns a list of phases: the `index`th is under way, and the ones before it are over. */
export function phases(names: readonly string[], index: number, percent: number | null): Found {
  const steps = names.map((name, at): FoundStep => {
    if (at < index) return { name, status: 'completed', percent: null };
    return at === index ? { name, status: 'running', percent } : { name, status: 'pending', percent: null };
  });
  return { kind: 'steps', steps };
}
