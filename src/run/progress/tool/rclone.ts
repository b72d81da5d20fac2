import { countOf, NOTHING, type Tool } from '../found.ts';
import { readSize } from '../text/sizes.ts';

const BYTES =
  /^Transferred:\s+(?<n>[\d.]+) ?(?<unit>[KMGTP]?i?B?) ?\/ ?(?<m>[\d.]+) ?(?<total>[KMGTP]?i?B), \d{1,3}%/u;
/** How many files were checked, moved or removed, and how many bytes were transferred while no total is known. */
const COUNTS = /^(?:Transferred|Checks|Deleted|Renamed|Errors):\s/u;
/** ` name: 81% /195.312Ki, 20Ki/s, 3s`, a row for each file under way. */
const FILE = /^ \*\s.*: *(?:\d{1,3}% \/|transferring$|checking$)/u;

/** rclone `-P`: its first row has the bytes of all files; the total grows while it finds more of them. */
export const rclone: Tool = {
  begins: /Transferred:\s| \* /u,
  createReader: () => (line) => {
    const { n, unit, m, total } = BYTES.exec(line.text)?.groups ?? {};
    if (n !== undefined && unit !== undefined && m !== undefined && total)
      return countOf(readSize(n, unit), readSize(m, total)) ?? NOTHING;
    return COUNTS.test(line.text) || FILE.test(line.text) ? NOTHING : null;
  },
};
