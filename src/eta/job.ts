import type { Job } from '../model/run.ts';

/** Jobs are distinguished by this many characters of their names. */
const NAME_LENGTH = 200;
const UUID = /\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/gu;
const WORD = /[\p{L}\p{N}]+/gu;
/** Numbers and what usually joins them: dates, times, versions, fractions. */
const NUMBERS = /#(?:[.,:_/-]?t?#z?)+/gu;

/** The fields of a task that determine its job. */
interface Named {
  readonly name: string;
  readonly cwd?: string | null;
  readonly steps: readonly { readonly name: string }[];
  readonly totalSteps: number;
}

/** Returns the job of which a task is a run. */
export function jobOf(kind: string, task: Named): Job {
  const name = withoutNumbers(task.name);
  return { kind, name, ...(task.cwd ? { cwd: task.cwd } : {}), steps: stepNames(task, name) };
}

/** Tells whether two reports of a task agree in the fields that determine its job, so that it need not be derived again. */
export function isNamedAlike(before: Named, now: Named): boolean {
  return (
    before.name === now.name &&
    before.cwd === now.cwd &&
    before.totalSteps === now.totalSteps &&
    before.steps.length === now.steps.length &&
    before.steps.every((step, index) => step.name === now.steps[index]?.name)
  );
}

/** Replaces the parts of a name that differ from run to run (numbers, dates, versions, hashes, ids) with `#`. */
export function withoutNumbers(name: string): string {
  return name
    .slice(0, 4 * NAME_LENGTH)
    .toLowerCase()
    .replace(UUID, '#')
    .replace(WORD, (word) => (isIdentifier(word) ? '#' : word.replace(/\d+/gu, '#')))
    .replace(NUMBERS, '#')
    .slice(0, NAME_LENGTH);
}

/** Returns a key that is the same for everybody who watches the task, wherever they are. */
export function taskKey({ kind, name }: Job, nativeId: string): string {
  return `${kind} ${nativeId} ${name}`;
}

/** Returns a key that is different for each job. */
export function jobKey({ kind, name, cwd = '', steps }: Job): string {
  return JSON.stringify([kind, name, cwd, steps]);
}

/**
 * Tells whether a word is a hash in hexadecimal, or one of the long words of letters and digits that stand for keys and
 * events.
 */
function isIdentifier(word: string): boolean {
  return /\d/u.test(word) && (/^[0-9a-f]{7,}$/u.test(word) || (word.length >= 16 && /\p{L}/u.test(word)));
}

/**
 * Returns a unique name for each step. Steps that are announced but not listed yet are named by their number. A task without
 * steps is a single step of its own name. Names that differed only in a number are numbered again.
 */
function stepNames({ steps, totalSteps }: Named, name: string): string[] {
  if (steps.length === 0) return [name];
  const seen = new Map<string, number>();
  return Array.from({ length: Math.max(totalSteps, steps.length) }, (_, index) => {
    const plain = withoutNumbers(steps[index]?.name ?? `step ${index + 1}`);
    const count = (seen.get(plain) ?? 0) + 1;
    seen.set(plain, count);
    return count === 1 ? plain : `${plain} (${count})`;
  });
}
