import { countOf, type LineReader, NOTHING, percentOf, type Tool } from '../found.ts';

const COLLECTED = /^(?:collected|collecting \.\.\.\s+collected) (?<total>\d+) items?/u;
/** `tests/test_a.py ....F.. [ 57%]`, or its continuation on the next line. */
const RESULTS = /^(?:\S+\.py\s+)?(?<marks>[.FEsxXp]+)\s*(?:\[\s*(?<percent>\d{1,3})%\])?\s*$/u;
const SUMMARY = /^=+ .*\bin [\d.]+s\b.* =+$/u;
/** pytest-sugar has a row for each file, with the progress of all files when the file's last test ended. */
const SUGAR = /^\s*\S+\.py\S*\s.*\s(?<percent>\d{1,3})% [█▉▊▋▌▍▎▏\s]*$/u;

/** pytest: a mark for each test, and a percentage at the end of each line; in between, the marks are counted. */
export const pytest: Tool = {
  begins: /collected \d|\S+\.py +[.FEsxXp]|[.FEsxXp]{3}|=+ /u,
  createReader: createPytestReader,
};

function createPytestReader(): LineReader {
  let total = 0;
  let done = 0;
  let furthest = 0;
  return ({ text }) => {
    const sugar = SUGAR.exec(text)?.groups?.percent;
    if (sugar !== undefined) {
      furthest = Math.max(furthest, Number(sugar));
      return percentOf(furthest) ?? NOTHING;
    }
    const collected = COLLECTED.exec(text)?.groups?.total;
    if (collected !== undefined) {
      total = Number(collected);
      done = 0;
      return NOTHING;
    }
    if (SUMMARY.test(text)) return NOTHING;
    const { marks, percent } = RESULTS.exec(text)?.groups ?? {};
    if (marks === undefined || total === 0) return null;
    if (percent === undefined) return countOf(Math.min(total, done + marks.length), total) ?? NOTHING;
    done = Math.round((Number(percent) / 100) * total);
    return countOf(done, total) ?? NOTHING;
  };
}
