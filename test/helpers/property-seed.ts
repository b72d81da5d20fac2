/**
 * Sets the seed of the property tests. In CI, all runs of a commit share one, so that a failure can be repeated, and another
 * commit tries other values; elsewhere each run has a seed of its own.
 */
import { configureGlobal } from 'fast-check';

const seed = Number.parseInt(process.env.PROPERTY_SEED ?? '', 16);
if (Number.isInteger(seed)) configureGlobal({ seed });
