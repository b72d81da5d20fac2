import { type Found, type LineReader, NOTHING, phases, type Tool } from '../found.ts';

const PHASES = ['download', 'unpack', 'set up'] as const;
const TOTAL = /^(?<upgraded>\d+) upgraded, (?<installed>\d+) newly installed, (?<removed>\d+) to remove/u;
const DOWNLOAD = /^(?<percent>\d{1,3})% \[/u;
const PREPARES =
  /^(?:Reading package lists|Building dependency tree|Reading state information)\.\.\.|^\(Reading database \.\.\./u;
const FANCY = /^Progress: \[\s*(?<percent>\d{1,3})%\]/u;
const DONE = /^(?<word>Get|Unpacking|Setting up)(?::\d+)? \S/u;
const BARE_GET = /^(?:Hit|Ign|Err):\d+ /u;

/**
 * apt and apt-get: lists and databases that are read first are none of its work; then packages are fetched, unpacked and
 * set up, each counted against how many there are, unless its own bar tells more.
 */
export const apt: Tool = {
  begins: /Get:|Unpacking |Setting up |\d+ upgraded,/u,
  createReader: createAptReader,
};

function createAptReader(): LineReader {
  let total = 0;
  let phase = 0;
  let hasBar = false;
  const counts = { Get: 0, Unpacking: 0, 'Setting up': 0 };

  function reach(next: number, percent: number): Found {
    if (next < phase) return NOTHING;
    phase = next;
    return phases(PHASES, phase, Math.min(100, percent));
  }

  return ({ text }) => {
    const totals = TOTAL.exec(text)?.groups;
    if (totals) {
      total = Number(totals.upgraded) + Number(totals.installed);
      return NOTHING;
    }
    if (PREPARES.test(text) || BARE_GET.test(text)) return NOTHING;
    const percent = FANCY.exec(text)?.groups?.percent;
    if (percent !== undefined) {
      hasBar = true;
      // dpkg's bar counts unpacking and setting up together.
      return reach(Number(percent) < 50 ? 1 : 2, (Number(percent) % 50) * 2);
    }
    const fetched = DOWNLOAD.exec(text)?.groups?.percent;
    if (fetched !== undefined) return total > 0 ? reach(0, Number(fetched)) : NOTHING;
    const word = DONE.exec(text)?.groups?.word as keyof typeof counts | undefined;
    if (!word) return null;
    if (total === 0 || hasBar) return NOTHING;
    counts[word] += 1;
    return reach(Object.keys(counts).indexOf(word), ((counts[word] - 1) / total) * 100);
  };
}
