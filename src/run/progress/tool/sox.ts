import { NOTHING, type Tool } from '../found.ts';

/** Nothing done and nothing left: sox does not know how long the sound is. */
const ENDLESS = /^In:0\.00% [\d:.]+ \[00:00:00\.00\] Out:/u;

/** sox `-S`: `In:12.3% 00:00:13.99 [00:01:40.00] Out:668k`. For a sound that it synthesises, it says 0 % to the end. */
export const sox: Tool = {
  begins: /In:/u,
  createReader: () => (line) => (ENDLESS.test(line.text) ? NOTHING : null),
};
