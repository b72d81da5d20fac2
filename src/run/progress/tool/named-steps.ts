import type { Found, Tool } from '../found.ts';
import { nameOf } from '../text/read-text.ts';

const STEP = /\bstep\s+(?<n>\d+)\s*(?:\/|of)\s*(?<m>\d+)\b[\s:.)\]-]*(?<name>.*)$/iu;
const BEGINS = /^\s*\[(?<n>\d+)\/(?<m>\d+)\]\s+(?<name>\p{Lu}?\p{L}+ing\b[^%]*?)\s*(?:\.\.\.|…)\s*$/u;

/**
 * Steps with a number and a name: docker's `Step 3/9 : RUN make`, our own `step 3 of 9: link`, yarn's
 * `[3/4] Linking dependencies...`. The step begins there; what it has done itself is told by other lines.
 */
export const namedSteps: Tool = {
  createReader: () => (line) => {
    if (/%/u.test(line.text)) return null;
    return readStep(STEP.exec(line.text)?.groups) ?? readStep(BEGINS.exec(line.text)?.groups);
  },
};

function readStep(groups: Record<string, string | undefined> | undefined): Found | null {
  if (!groups) return null;
  const [number, total] = [Number(groups.n), Number(groups.m)];
  if (!(number >= 1 && number <= total)) return null;
  return { kind: 'step', number, total, name: nameOf(groups.name ?? '') };
}
