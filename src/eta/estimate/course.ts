import { PRIORS } from './priors.ts';

/**
 * A step's usual course: the share of its time that has passed at each of 33 evenly spaced values of progress. Bars are
 * seldom straight.
 */
export type Course = Float32Array;

const PARTS = 32;

function shareAt(course: Course, progress: number): number {
  const place = Math.min(1, progress) * PARTS;
  const before = Math.min(PARTS - 1, Math.floor(place));
  const low = course[before] ?? 0;
  return low + ((course[before + 1] ?? 1) - low) * (place - before);
}

/**
 * Makes a course from `reached`: pairs of progress (0–1, rising) and the time spent on the step by then. Returns null if
 * nothing was reported.
 */
export function courseOf(reached: readonly (readonly [number, number])[], costMs: number): Course | null {
  if (reached.length === 0 || costMs <= 0) return null;
  // After the last report, the rest is taken to come all at once.
  const points = [[0, 0] as const, ...reached, [1 + 1e-4, costMs] as const];
  const course = new Float32Array(PARTS + 1);
  let next = 1;
  for (let place = 0; place <= PARTS; place += 1) {
    const progress = place / PARTS;
    while (next < points.length - 1 && (points[next]?.[0] ?? 1) <= progress) next += 1;
    const [fromProgress, fromMs] = points[next - 1] ?? [0, 0];
    const [toProgress, toMs] = points[next] ?? [1, costMs];
    const way = toProgress > fromProgress ? (progress - fromProgress) / (toProgress - fromProgress) : 0;
    course[place] = Math.min(1, (fromMs + (toMs - fromMs) * way) / costMs);
  }
  return course;
}

/** Returns the weighted mean of courses; null if there are none. */
export function meanCourse(courses: readonly { course: Course; weight: number }[]): Course | null {
  if (courses.length === 0) return null;
  const total = courses.reduce((sum, { weight }) => sum + weight, 0);
  return Float32Array.from({ length: PARTS + 1 }, (_, place) =>
    courses.reduce((sum, { course, weight }) => sum + (weight / total) * (course[place] ?? 0), 0),
  );
}

/**
 * Returns how much a mean course is trusted, in runs: the total weight of the runs, times how much closer they were to it
 * than to a straight line. For a single run, that cannot be known, and its weight is returned.
 */
export function courseTrust(courses: readonly { course: Course; weight: number }[], mean: Course): number {
  const total = courses.reduce((sum, { weight }) => sum + weight, 0);
  if (courses.length < 2) return total;
  const apart = (expected: (place: number) => number) =>
    courses.reduce<number>((sum, { course, weight }) => {
      const squares = course.reduce((all, share, place) => all + (share - expected(place)) ** 2, 0);
      return sum + (weight / total) * (squares / course.length);
    }, PRIORS.courseError);
  return (total * apart((place) => place / PARTS)) / apart((place) => mean[place] ?? 0);
}

/** Follows a bar of this run, and tells how much of its time has passed. */
export interface BarFollower {
  reach(progress: number, spentMs: number): void;
  /** The share of the step's time that has passed at `progress`. */
  shareAt(progress: number): number;
}

/**
 * Follows a bar as a mixture of its usual course and a straight line: weighted at first by how much the course is trusted
 * (in runs), later by which of the two the bar has kept closer to.
 */
export function createBarFollower(course: Course | null, trust: number): BarFollower {
  const reached: [number, number][] = [];
  let straight = course ? PRIORS.straightLineRuns / (PRIORS.straightLineRuns + trust) : 1;

  return {
    reach(progress, spentMs) {
      if (!course) return;
      const last = reached.at(-1)?.[0] ?? 0;
      if (progress - last < 1 / PARTS) return;
      reached.push([progress, spentMs]);
      const byLine = PRIORS.straightLineRuns / (strayed(reached, (share) => share) + PRIORS.courseError);
      const byCourse = trust / (strayed(reached, (share) => shareAt(course, share)) + PRIORS.courseError);
      straight = byLine / (byLine + byCourse);
    },
    shareAt: (progress) =>
      course ? straight * progress + (1 - straight) * shareAt(course, progress) : progress,
  };
}

/** Returns the mean squared deviation of a bar from the expected course up to its current progress. */
function strayed(reached: readonly (readonly [number, number])[], expected: (progress: number) => number) {
  const [progress, spentMs] = reached.at(-1) ?? [1, 1];
  const whole = expected(progress);
  if (!(whole > 0) || !(spentMs > 0)) return 0;
  const squares = reached.map(([at, ms]) => (ms / spentMs - expected(at) / whole) ** 2);
  return squares.reduce((sum, square) => sum + square, 0) / squares.length;
}
