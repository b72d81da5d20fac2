/**
 * Every constant of the estimator: what it assumes before anything is known. Variances are of natural logarithms, so 0.25
 * means "off by a factor of e^±0.5". The values were chosen on a corpus of jobs and checked on other jobs (docs/eta.md); each
 * lies on a flat optimum.
 */
export const PRIORS = {
  /** The weight of a run is multiplied by this for each newer one. */
  recency: 0.85,
  /** How many of the newest earlier runs count. */
  runs: 20,
  /** How much a whole run differs from earlier ones (load, size); and after how many runs their own variance counts as much. */
  paceVariance: 0.5,
  paceVarianceRuns: 3,
  /** The same for how much a step differs from the pace of its run. */
  stepVariance: 0.4,
  stepVarianceRuns: 3,
  /** How much a step differs that was never seen before. */
  unknownStepVariance: 1.5,
  /** No job is steadier than this. */
  leastVariance: 1e-5,
  /** Short steps say little about long ones: this, divided by a step's share of the whole, is added to its variance. */
  shortStepVariance: 0.015,
  /** How far a bar strays from its usual course, in its middle. */
  barVariance: 0.02,
  /** A usual course that was seen in this many runs is trusted as much as a straight line. */
  straightLineRuns: 1,
  /** Added to the mean squared errors by which a course and a straight line are compared, so that tiny ones are alike. */
  courseError: 0.01,
  /** A step that is off by more standard deviations than this counts as being off by this many. */
  outlier: 2,
  /** Progress of at least `leastJump` within the first moments was found, not done. */
  firstMomentsMs: 1_500,
  leastJump: 0.08,
  /** Progress at the beginning that was this many times as fast as later was found, not done. */
  sharpBend: 10,
  /** A bar that falls below this share of its progress may have started again; otherwise its total has grown. */
  deepFall: 1 / 3,
  /** Added to the variance of the rest of a step, for what the model does not know. */
  unknownDoubt: 0.1,
  /** The largest variance by which an estimate is discounted (see remaining.ts) … */
  mostVariance: 2.5,
  /** … if the job has run before, and if, besides, it is a run of one step that has not reported anything. */
  mostDiscount: 0.6,
  mostDiscountUntold: 0.25,
  /** The share of the model's own variance that shows in its errors. */
  bandDoubt: 0.4,
  /** The deviation of the logarithm that the model does not know of: in a first run, and in later ones. */
  bandFirstRun: 0.77,
  bandLaterRun: 0.37,
  /** How many runs the expected errors count for, against those of the job itself. */
  calibrationRuns: 2,
  /** The upper edge is moved by this share of the time so far, for what happens unplanned at the end. */
  bandOverrun: 0.1,
  /** How far off a publisher's own figure is, while it is unchecked; and for how many runs that counts. */
  publisherVariance: 0.09,
  publisherVarianceRuns: 2,
} as const;
