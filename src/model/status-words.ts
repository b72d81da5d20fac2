import type { TaskStatus } from './task.ts';

/** What a status word of any program means. Only steps are `skipped`. */
export type StatusMeaning = TaskStatus | 'skipped';

/** The words for each meaning, as `squash` returns them. */
const WORDS: Readonly<Record<StatusMeaning, string>> = {
  queued:
    'queued enqueued pending todo new created open ready planned scheduled notstarted unstarted submitted received initialized spawning backlog',
  running:
    'running inprogress working active processing started executing ongoing underway doing busy retrying restarting resumed',
  waiting: 'waiting blocked paused onhold suspended deferred delayed',
  'needs-input':
    'needsinput inputrequired awaitinginput waitingforinput actionrequired needsapproval awaitingapproval',
  completed: 'completed complete done success succeeded successful finished passed ok',
  failed: 'failed failure fail error errored crashed exception rejected',
  cancelled: 'cancelled canceled cancel aborted stopped terminated killed interrupted revoked abandoned',
  skipped: 'skipped skip',
};

const MEANINGS = new Map(
  Object.entries(WORDS).flatMap(([meaning, words]) =>
    words.split(' ').map((word) => [word, meaning as StatusMeaning] as const),
  ),
);

/**
 * Returns the meaning of a status word in any spelling (`In Progress`, `COMPLETED`, `canceled`); null if it is unknown.
 */
export function readStatusWord(raw: unknown): StatusMeaning | null {
  return typeof raw === 'string' && raw.length <= 64 ? (MEANINGS.get(squash(raw)) ?? null) : null;
}

/** Removes from a word what its spellings differ in: case, and what separates its parts. */
export function squash(word: string): string {
  return word.toLowerCase().replace(/[\s_.-]+/gu, '');
}

/**
 * Tells whether `word` may be written to a file whose words are `others`. Returns null if it may: the file uses it, or uses
 * only words of its format. Otherwise returns the first foreign word: another program wrote it, and may not know `word`.
 */
export function foreignWord(
  word: string,
  others: readonly string[],
  isKnown: (other: string) => boolean,
): string | null {
  if (others.includes(word)) return null;
  return others.find((other) => !isKnown(other)) ?? null;
}

/**
 * Spells `word` like the other words of its file: in capitals, capitalised, or with their blank, hyphen or underscore. If
 * one of them `means` the same, it is returned unchanged.
 */
export function spellLike(
  word: string,
  others: readonly string[],
  means: (other: string) => boolean,
): string {
  const same = others.find(means);
  if (same !== undefined) return same;
  const joint = others.map((other) => /\w([\s_-])\w/u.exec(other)?.[1]).find((found) => found !== undefined);
  const joined = joint === undefined ? word : word.replaceAll('_', joint);
  const lettered = others.filter((other) => /[a-z]/iu.test(other));
  if (lettered.length === 0) return joined;
  if (lettered.every((other) => other === other.toUpperCase())) return joined.toUpperCase();
  const isTitled = lettered.every((other) => /^[A-Z]/u.test(other));
  return isTitled ? joined.charAt(0).toUpperCase() + joined.slice(1) : joined;
}
