/**
 * What is believed before anything is known: every constant of the estimator. Variances are of natural logarithms, so
 * 0.25 means "off by a factor of e^±0.5". They were chosen over the jobs of a corpus and checked on jobs left out of the
 * choice (docs/eta.md); each lies on a flat optimum.
 */
export const PRIORS = {
  /** How much weight a run loses with each newer one. */
  recency: 0.85,
  /** Earlier runs beyond this many are too old to say anything. */
  runs: 20,
  /** How a whole run differs from the earlier ones: load, size. Earlier runs soon know better than this. */
  paceVariance: 0.5,
  paceVarianceRuns: 3,
  /** How a step differs from the pace of its run. */
  stepVariance: 0.4,
  stepVarianceRuns: 3,
  /** The same where the step was never seen: unknown steps differ by a factor of four. */
  unknownStepVariance: 1.5,
  /** No job is steadier than this. */
  leastVariance: 1e-5,
  /** Short steps say little about long ones: added to the variance of a step with this much of the whole, inverted. */
  shortStepVariance: 0.015,
  /** How far a bar strays from its usual course, at its middle. */
  barVariance: 0.02,
  /** A bar's usual course is believed as much as a straight line when it was seen once. */
  straightLineRuns: 1,
  /** The mean squared error of a course that is as good as none. */
  courseError: 0.01,
  /** Beyond this many standard deviations a step is an outlier, and counts no more than that. */
  outlier: 2,
  /** In its first moments a bar says what it found, if that is at least so much. */
  firstMomentsMs: 1_500,
  leastJump: 0.08,
  /** A bar that was so many times as fast at the beginning found that, and did not do it. */
  sharpBend: 10,
  /** A bar that falls below this part of where it was may have begun anew; else its total has grown. */
  deepFall: 1 / 3,
  /** However sure the model is of the rest of a step: what it does not know of. */
  unknownDoubt: 0.1,
  /** No more doubt than this is taken off an estimate. */
  mostVariance: 2.5,
  /** … nor more than this where the job ran before; hardly any as long as a run of one step has told nothing. */
  mostDiscount: 0.6,
  mostDiscountUntold: 0.25,
  /** How much of the doubt that the model knows of is seen in its errors. */
  bandDoubt: 0.4,
  /** The doubt that it does not know of, as a deviation of the logarithm: in a first run, and later. */
  bandFirstRun: 0.77,
  bandLaterRun: 0.37,
  /** By how many runs that is doubted which a job's own errors say of its band. */
  calibrationRuns: 2,
  /** What no plan foresees comes at the end: this share of the time so far, at the upper edge. */
  bandOverrun: 0.1,
  /** How far a publisher's own figure is off, as long as nobody has checked. */
  publisherVariance: 0.09,
  publisherVarianceRuns: 2,
} as const;
