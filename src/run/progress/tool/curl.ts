import { NOTHING, percentOf, type Tool } from '../found.ts';

const SIZE = String.raw`[\d.]+[kMGTP]?`;
const TIME = String.raw`(?:--:--:--|\d+:\d\d:\d\d|\d+d \d\dh|\d+d)`;
/** Percentage and size of the total, of what was received, and of what was sent; two speeds, three times, the current speed. */
const METER = new RegExp(
  String.raw`^\s*(?<percent>\d{1,3})\s+${SIZE}\s+\d{1,3}\s+${SIZE}\s+\d{1,3}\s+${SIZE}\s+${SIZE}\s+${SIZE}\s+(?<total>${TIME})\s+${TIME}\s+${TIME}\s+${SIZE}\s*$`,
  'u',
);
/** With `--parallel`: percentages received and sent, bytes, transfers, then as above. */
const PARALLEL = new RegExp(
  String.raw`^\s*(?<percent>\d{1,3}|--)\s+(?:\d{1,3}|--)\s+${SIZE}\s+${SIZE}\s+\d+\s+\d+\s+(?<total>${TIME})\s+${TIME}\s+${TIME}\s+${SIZE}\s*$`,
  'u',
);

/**
 * curl's usual meter, whose first column is a percentage without a sign. If the server gives no length, the meter says nothing.
 */
export const curl: Tool = {
  begins: / *(?:\d{1,3}|--) +(?:--|[\d.]+[kMGTP]?) +(?:--|\d)/u,
  createReader: () => (line) => {
    if (/^\s*% Total\s+% Received/u.test(line.text)) return NOTHING;
    const groups = (METER.exec(line.text) ?? PARALLEL.exec(line.text))?.groups;
    if (!groups) return null;
    const isKnown = groups.percent !== '--' && groups.total?.includes('--') === false;
    return (isKnown && percentOf(Number(groups.percent))) || NOTHING;
  },
};
