import { countOf, type LineReader, NOTHING, type Tool } from '../found.ts';

const PLAN = /^1\.\.(?<total>\d+)\b/u;
const RESULT = /^(?:not )?ok\b(?: (?<number>\d+))?/u;

/** TAP: `1..N` first, then a line for each test; a plan at the end comes too late. Tests inside tests are indented. */
export const tap: Tool = {
  begins: /1\.\.\d|(?:not )?ok\b/u,
  isForMachines: true,
  createReader: createTapReader,
};

function createTapReader(): LineReader {
  let total = 0;
  let done = 0;
  return ({ text }) => {
    const plan = PLAN.exec(text)?.groups?.total;
    if (plan !== undefined) {
      total = done === 0 ? Number(plan) : 0;
      return NOTHING;
    }
    const result = RESULT.exec(text);
    if (!result || total === 0) return null;
    done = Math.max(done + 1, Number(result.groups?.number ?? 0));
    return countOf(done, total) ?? NOTHING;
  };
}
