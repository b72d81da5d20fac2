import { countOf, type LineReader, NOTHING, type Tool } from '../found.ts';

const PLAN = /^1\.\.(?<total>\d+)\b/u;
const RESULT = /^(?:not )?ok\b(?: (?<number>\d+))?/u;
const VERSION = /^TAP version \d/u;
/** tape and others name a test in a comment before its results. */
const COMMENT = /^\s*#/u;
/** A figure in the name of a test is not progress. */
const NAMED = /^\s*(?:not )?ok \d+ (?!of\b|\/)/u;

/** TAP: `1..N` first, then a line for each test; a plan at the end comes too late. Subtests are indented. */
export const tap: Tool = {
  begins: /1\.\.\d|(?:not )?ok\b|TAP version \d/u,
  isForMachines: true,
  createReader: createTapReader,
};

function createTapReader(): LineReader {
  let total = 0;
  let done = 0;
  let isTap = false;
  return ({ text }) => {
    isTap ||= VERSION.test(text);
    if (isTap && COMMENT.test(text)) return NOTHING;
    const plan = PLAN.exec(text)?.groups?.total;
    if (plan !== undefined) {
      total = done === 0 ? Number(plan) : 0;
      return NOTHING;
    }
    const result = RESULT.exec(text);
    if (!result || total === 0) return NAMED.test(text) ? NOTHING : null;
    done = Math.max(done + 1, Number(result.groups?.number ?? 0));
    return countOf(done, total) ?? NOTHING;
  };
}
