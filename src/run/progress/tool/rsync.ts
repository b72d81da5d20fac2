import { countOf, type LineReader, NOTHING, type Tool } from '../found.ts';

const LINE =
  /^\s*[\d.,]+[KMGTP]?\s+(?<percent>\d{1,3})%\s+[\d.,]+[kKMGT]?B\/s\s+\d+:\d\d:\d\d(?:\s+\((?:xfr|xfer)#\d+, (?:to|ir)-ch(?:ec)?k=(?<left>\d+)\/(?<total>\d+)\))?\s*$/u;

/**
 * rsync: with `--info=progress2`, one figure for everything; with `--progress`, one for each file, followed by how many files
 * are left. Files that are up to date count, too.
 */
export const rsync: Tool = {
  createReader: createRsyncReader,
};

function createRsyncReader(): LineReader {
  let isWhole = false;
  /** Known once a file has ended and others are left. */
  let total = 0;
  let done = 0;

  return ({ text }) => {
    const groups = LINE.exec(text)?.groups;
    if (!groups) return null;
    const { left } = groups;
    const share = Number(groups.percent) / 100;
    // A file that has just ended is at 100, so any other figure is for all files.
    if (left !== undefined && share < 1) isWhole = true;
    if (left !== undefined && !isWhole && (Number(left) > 0 || total > 0)) {
      total = Number(groups.total);
      done = total - Number(left);
      return countOf(done, total) ?? NOTHING;
    }
    if (total === 0 || isWhole) return countOf(share, 1) ?? NOTHING;
    return countOf(Math.min(total, done + share), total) ?? NOTHING;
  };
}
