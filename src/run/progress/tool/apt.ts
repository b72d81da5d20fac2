import { type Found, type LineReader, NOTHING, phases, type Tool } from '../found.ts';

const PHASES = ['download', 'unpack', 'set up'] as const;
const TOTAL = /^\d+ upgraded, .*\bto remove and \d+ not upgraded/u;
const CHANGED = /(?<count>\d+) (?:upgraded|newly installed|reinstalled|downgraded|to remove)\b/gu;
const DOWNLOAD = /^(?<percent>\d{1,3})% \[/u;
const PREPARES =
  /^(?:Reading package lists|Building dependency tree|Reading state information)\.\.\.|^\(Reading database \.\.\./u;
const FANCY = /^Progress: \[\s*(?<percent>\d{1,3})%\]/u;
const PHASE_OF: Readonly<Record<string, number>> = { Get: 0, Unpacking: 1, Removing: 1, 'Setting up': 2 };
const DONE = /^(?<word>Get|Unpacking|Removing|Setting up)(?::\d+)? \S/u;
const OTHERS = /^(?:(?:Hit|Ign|Err):\d+ |Need to get |After this operation, )/u;

/**
 * apt and apt-get. Reading lists and databases first is not counted. Then packages are fetched, unpacked and set up, each
 * counted against their number, unless apt's own bar says more.
 */
export const apt: Tool = {
  begins: /Get:|Unpacking |Removing |Setting up |Need to get |\d+ upgraded,/u,
  createReader: createAptReader,
};

function createAptReader(): LineReader {
  let total = 0;
  let phase = 0;
  let hasBar = false;
  const counts = PHASES.map(() => 0);

  function reach(next: number, percent: number): Found {
    if (next < phase) return NOTHING;
    phase = next;
    return phases(PHASES, phase, Math.min(100, percent));
  }

  return ({ text }) => {
    if (TOTAL.test(text)) {
      const changed = text.replace(/\band \d+ not upgraded.*$/u, '').matchAll(CHANGED);
      total = [...changed].reduce((sum, match) => sum + Number(match.groups?.count), 0);
      return NOTHING;
    }
    if (PREPARES.test(text) || OTHERS.test(text)) return NOTHING;
    const percent = FANCY.exec(text)?.groups?.percent;
    if (percent !== undefined) {
      hasBar = true;
      // dpkg's bar counts unpacking and setting up together.
      return reach(Number(percent) < 50 ? 1 : 2, (Number(percent) % 50) * 2);
    }
    const fetched = DOWNLOAD.exec(text)?.groups?.percent;
    if (fetched !== undefined) return total > 0 ? reach(0, Number(fetched)) : NOTHING;
    const word = DONE.exec(text)?.groups?.word;
    if (!word) return null;
    if (total === 0 || hasBar) return NOTHING;
    const done = PHASE_OF[word] ?? 0;
    counts[done] = (counts[done] ?? 0) + 1;
    return reach(done, (((counts[done] ?? 1) - 1) / total) * 100);
  };
}
