import type { Step } from './task.ts';

/** The parts of a task that are only read when somebody asks for them. */
export interface RawOnDemand {
  /** The value of `raw`. */
  readonly value: unknown;
  /** The steps that its document lists. */
  readonly steps?: readonly Step[];
}

const ORIGIN = Symbol('what raw is read from');

interface Read {
  readonly [ORIGIN]: RawOnDemand;
}

/** Shared by all objects: with an accessor of its own, each object would get a hidden class of its own. */
const RAW: PropertyDescriptor & ThisType<Read> = {
  enumerable: true,
  configurable: true,
  get() {
    return this[ORIGIN].value;
  },
};
const STEPS: PropertyDescriptor & ThisType<Read> = {
  enumerable: true,
  configurable: true,
  get() {
    return this[ORIGIN].steps;
  },
};

/**
 * Gives an object without `raw` (and, if `withSteps`, without `steps`) these properties; they are read from `origin` when
 * they are asked for.
 */
export function withRawOnDemand<T extends object>(
  object: T,
  origin: RawOnDemand,
  withSteps = false,
): T & { readonly raw: unknown } {
  Object.defineProperty(object, ORIGIN, { value: origin });
  if (withSteps) Object.defineProperty(object, 'steps', STEPS);
  return Object.defineProperty(object, 'raw', RAW) as T & { readonly raw: unknown };
}
