import type { Job } from '../model/run.ts';

/** More of a name than this tells no jobs apart. */
const NAME_LENGTH = 200;
const UUID = /\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/gu;
const WORD = /[\p{L}\p{N}]+/gu;
/** Numbers with what usually stands between them: dates, times, versions, fractions. */
const NUMBERS = /#(?:[.,:_/-]?t?#z?)+/gu;

/** What of a task tells which job it is a run of. */
interface Named {
  readonly name: string;
  readonly cwd?: string | null;
  readonly steps: readonly { readonly name: string }[];
  readonly totalSteps: number;
}

/** The job that a task is a run of. */
export function jobOf(kind: string, task: Named): Job {
  const name = withoutNumbers(task.name);
  return { kind, name, ...(task.cwd ? { cwd: task.cwd } : {}), steps: stepNames(task, name) };
}

/** A name without what differs from run to run: numbers, dates, versions, hashes and ids become `#`. */
export function withoutNumbers(name: string): string {
  return name
    .slice(0, 4 * NAME_LENGTH)
    .toLowerCase()
    .replace(UUID, '#')
    .replace(WORD, (word) => (isIdentifier(word) ? '#' : word.replace(/\d+/gu, '#')))
    .replace(NUMBERS, '#')
    .slice(0, NAME_LENGTH);
}

/** Returns the same key to all that watch the same task, also from another place. */
export function taskKey({ kind, name }: Job, nativeId: string): string {
  return `${kind} ${nativeId} ${name}`;
}

/** Tells jobs apart. */
export function jobKey({ kind, name, cwd = '', steps }: Job): string {
  return JSON.stringify([kind, name, cwd, steps]);
}

/** A hash in hexadecimal, or one of the long words of letters and digits that stand for keys and events. */
function isIdentifier(word: string): boolean {
  return /\d/u.test(word) && (/^[0-9a-f]{7,}$/u.test(word) || (word.length >= 16 && /\p{L}/u.test(word)));
}

/**
 * Steps that are announced but not listed yet count by number. A task without steps is one step of its own. Names that
 * differed by their number only are counted: every step keeps a name that no other has.
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
