import { countOf, type Found, MOVING, NOTHING, type Tool } from '../found.ts';
import { readSize } from '../text/sizes.ts';

const READ = /^Read:\s*(?<n>[\d.]+) (?<unit>[KMGT]?i?B)\s*\/\s*(?<m>[\d.]+) (?<total>[KMGT]?i?B)\s*=*>/u;
/**
 * With -v, zstd says how much it has read ahead, but not out of how much, and the read position says nothing about the work.
 */
const READ_AHEAD = /^\(L\d+\)\s+Buffered/u;
const RATIO = /=+>\s*[\d.]+\s*%|^[^%]*:\s*[\d.]+%\s+\(\s*[\d.]+ \S+ =>/u;
const FILE_OF = /^(?<name>\S.*) \((?<n>\d+)\/(?<m>\d+)\)$/u;

/** zstd: `Read: 4.00 MiB / 12.0 MiB ==> 28.5%`. Its percentages are compression ratios. */
export const zstd: Tool = {
  createReader() {
    let readsAhead = false;
    return ({ text }) => {
      readsAhead ||= READ_AHEAD.test(text);
      const { n, unit, m, total } = READ.exec(text)?.groups ?? {};
      if (n !== undefined && unit && m !== undefined && total)
        return countOf(readSize(n, unit), readSize(m, total)) ?? NOTHING;
      if (!READ_AHEAD.test(text) && !RATIO.test(text)) return null;
      return readsAhead ? NOTHING : MOVING;
    };
  },
};

/** xz: each file is announced by `name (1/3)`, then has a percentage of its own. */
export const xz: Tool = {
  createReader: () => (line) => {
    const { name, n, m } = FILE_OF.exec(line.text)?.groups ?? {};
    if (name === undefined || line.isRedrawn || /[:%]/u.test(name) || /\s/u.test(name)) return null;
    const step: Found = { kind: 'step', number: Number(n), total: Number(m), name };
    return Number(m) > 1 && Number(n) >= 1 && Number(n) <= Number(m) ? step : NOTHING;
  },
};

/** dd, `tar --checkpoint`, and pv without a known size: they say how much they have done. */
export const copiers: Tool = {
  begins: /\d+ bytes .*copied, |tar: (?:Read|Write) checkpoint \d|[\d.,]+ ?[kKMGT]i?B \d+:\d\d:\d\d \[/u,
  createReader: () => (line) => {
    const isDone = /^\d+ bytes .*copied, |^tar: (?:Read|Write) checkpoint \d/u.test(line.text);
    return isDone || /^[\d.,]+ ?[kKMGT]i?B \d+:\d\d:\d\d \[[^%]*$/u.test(line.text) ? MOVING : null;
  },
};

/** e2fsck ends with how much of the file system is in use. */
export const e2fsck: Tool = {
  createReader: () => (line) => (/ files \([\d.]+% non-contiguous\)/u.test(line.text) ? NOTHING : null),
};
