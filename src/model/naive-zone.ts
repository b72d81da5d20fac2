import { isNaive, type NaiveZone, readMoment } from './moment.ts';
import { type Problem, problem } from './problem.ts';
import { type PlainText, words } from './text.ts';

/** Reads the times of successive versions of a document, and guesses the zone of those that name none. */
export interface MomentReader {
  /**
   * Prepares for decoding a document that was written at `writtenAt` (epoch ms). Tells whether times may now read
   * differently from before.
   */
  look(document: unknown, writtenAt: number): boolean;
  /** Returns epoch ms; null if `raw` is not a moment, or names no zone and would be later than the document itself. */
  read(raw: unknown): number | null;
  /** The zone in which the document's writer writes times without a zone. */
  readonly zone: NaiveZone;
  /** Says that the zone of the last document was guessed, or could not be; null if neither. */
  readonly problem: Problem | null;
}

/** A program writes its file at most this long after the newest time in it. */
const JUST_NOW_MS = 120_000;
/** How exactly a zone other than local and UTC must fit: there are many, and one may fit by chance. */
const EXACTLY_MS = 2_500;
const QUARTER_MS = 15 * 60_000;
const MINUTE_MS = 60_000;
const EASTERNMOST_MINUTES = 14 * 60;
const WESTERNMOST_MINUTES = -12 * 60;
/** Keys of planned times, which may well be later than the last change. */
const OF_THE_FUTURE = /due|deadline|sched|next|until|expir|target|eta$|estimat|expected|planned/iu;
/** No format of ours nests its times deeper than this. */
const DEPTH = 6;

/**
 * Creates a reader of times. A time without a zone is local, unless the file's last change suggests another zone: the
 * newest time in a file was taken just before the file was written, be it in local time, in UTC (in a container, say) or
 * in another zone. If no zone fits, times stay local, and those later than the last change are rejected.
 */
export function createMomentReader(): MomentReader {
  let zone: NaiveZone = 'local';
  let latest = Number.POSITIVE_INFINITY;
  let found: Problem | null = null;

  return {
    look(document, writtenAt) {
      const before = zone;
      const wasBounded = Number.isFinite(latest);
      const newest = newestNaive(document, DEPTH);
      const guessed = newest === null ? null : guessZone(newest, writtenAt);
      if (guessed !== null) zone = guessed;
      const isAhead = newest !== null && isAfter(newest, zone, writtenAt);
      latest = isAhead ? writtenAt + JUST_NOW_MS : Number.POSITIVE_INFINITY;
      found = isAhead ? aheadProblem() : newest !== null && zone !== 'local' ? zoneProblem(zone) : null;
      return zone !== before || isAhead || wasBounded;
    },
    read(raw) {
      const at = readMoment(raw, zone);
      return at !== null && at > latest && isNaive(raw) ? null : at;
    },
    get zone() {
      return zone;
    },
    get problem() {
      return found;
    },
  };
}

/** Returns the zone in which the newest time was most likely written; null if none fits the last change. */
function guessZone(newest: string, writtenAt: number): NaiveZone | null {
  for (const zone of ['local', 0] as const)
    if (Math.abs(writtenAt - (readMoment(newest, zone) ?? 0)) <= JUST_NOW_MS) return zone;
  const eastMs = (readMoment(newest, 0) ?? 0) - writtenAt;
  const nearest = Math.round(eastMs / QUARTER_MS) * QUARTER_MS;
  const east = nearest / MINUTE_MS;
  const isZone = east >= WESTERNMOST_MINUTES && east <= EASTERNMOST_MINUTES;
  return isZone && Math.abs(eastMs - nearest) <= EXACTLY_MS ? east : null;
}

function isAfter(time: string, zone: NaiveZone, writtenAt: number): boolean {
  return (readMoment(time, zone) ?? 0) > writtenAt + JUST_NOW_MS;
}

/** Returns the newest of a document's times without a zone. (Their order is the same in every zone.) */
function newestNaive(value: unknown, levelsLeft: number): string | null {
  if (typeof value === 'string') return isNaive(value) ? value : null;
  if (typeof value !== 'object' || value === null || levelsLeft === 0) return null;
  let newest: string | null = null;
  let newestAt = 0;
  for (const [key, inner] of Object.entries(value)) {
    const time = OF_THE_FUTURE.test(key) ? null : newestNaive(inner, levelsLeft - 1);
    const at = time === null ? 0 : (readMoment(time, 0) ?? 0);
    if (at > newestAt) [newest, newestAt] = [time, at];
  }
  return newest;
}

/** Tells whether a part of a document has a time that names no zone: only the whole document tells how to read it. */
export function hasNaiveMoment(part: unknown): boolean {
  return newestNaive(part, DEPTH) !== null;
}

/** Returns `UTC`, `UTC−5`, `UTC+5:30`. */
function zoneName(east: number): PlainText {
  if (east === 0) return words`UTC`;
  const minutes = Math.abs(east) % 60;
  const hours = Math.floor(Math.abs(east) / 60);
  const rest = minutes === 0 ? '' : words`:${words`${minutes}`.padStart(2, '0')}`;
  return words`UTC${east < 0 ? '−' : '+'}${hours}${rest}`;
}

function zoneProblem(zone: number): Problem {
  return problem(
    'malformed',
    'degraded',
    words`its times have no time zone: read as ${zoneName(zone)}, which fits the file’s last change`,
    'write them with a zone (2026-11-21T07:45:42Z) to be sure',
  );
}

function aheadProblem(): Problem {
  return problem(
    'malformed',
    'degraded',
    'its newest times are later than its last change and have no time zone: they are not shown',
    'write them with a zone (2026-11-21T07:45:42Z)',
  );
}
