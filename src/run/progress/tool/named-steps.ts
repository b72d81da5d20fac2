import type { Found, Tool } from '../found.ts';
import { withoutNames } from '../text/names.ts';
import { nameOf } from '../text/read-text.ts';
import { STEP_WORDS } from '../text/words.ts';

const STEP = /\bstep\s+(?<n>\d+)\s*(?:\/|of)\s*(?<m>\d+)\b[\s:.)\]-]*(?<name>.*)$/iu;
const BEGINS = /^\s*\[(?<n>\d+)\/(?<m>\d+)\]\s+(?<name>\p{Lu}?\p{L}+ing\b[^%]*?)\s*(?:\.\.\.|…)\s*$/u;
/** Dots after it mean that the step only begins; what it has done itself may follow. */
const WORD_BEGINS = new RegExp(
  String.raw`(?<!\p{L})(?:${STEP_WORDS})[\s:#=]*[[(]?\s*(?<n>\d+)\s*(?:/|of)\s*(?<m>\d+)(?!\d)[^%]*?(?:\.\.\.|…)(?:[^%]*?(?<percent>\d{1,3})%)?\s*$`,
  'iu',
);

/**
 * Steps with a number and a name: docker's `Step 3/9 : RUN make`, our own `step 3 of 9: link`, yarn's
 * `[3/4] Linking dependencies...`, shred's `pass 1/3 (random)...`. The step begins there. How far it is comes from other lines,
 * or follows the dots.
 */
export const namedSteps: Tool = {
  createReader: () => (line) => {
    const text = withoutNames(line.text);
    const begun = readStep(WORD_BEGINS.exec(text)?.groups);
    if (begun || /%/u.test(text)) return begun;
    return readStep(STEP.exec(text)?.groups) ?? readStep(BEGINS.exec(text)?.groups);
  },
};

function readStep(groups: Record<string, string | undefined> | undefined): Found | null {
  if (!groups) return null;
  const [number, total] = [Number(groups.n), Number(groups.m)];
  if (!(number >= 1 && number <= total)) return null;
  const step: Found = { kind: 'step', number, total, name: nameOf(groups.name ?? '') };
  return groups.percent === undefined ? step : { ...step, percent: Math.min(100, Number(groups.percent)) };
}
