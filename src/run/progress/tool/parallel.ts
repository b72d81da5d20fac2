import { countOf, NOTHING, type Tool } from '../found.ts';

const LEFT = /^(?:ETA: \S+ )?Left: (?<left>\d+)\b/u;
/**
 * Running, completed, and the host's share of what was started. Matches only at the beginning of a word, so that long words are
 * not searched twice.
 */
const HOST = /(?<!\S)\S+:\d+\/(?<done>\d+)\/\d+%\/[\d.]+s/gu;

/** GNU parallel `--eta`: `ETA: 9s Left: 10 AVG: 0.30s  local:2/4/100%/0.6s`, where the percentage is a host's share. */
export const parallel: Tool = {
  createReader: () => (line) => {
    if (!line.text.includes('%/')) return null;
    const left = LEFT.exec(line.text)?.groups?.left;
    const hosts = [...line.text.matchAll(HOST)];
    if (left === undefined) return hosts.length > 0 ? NOTHING : null;
    const done = hosts.reduce((sum, match) => sum + Number(match.groups?.done), 0);
    return countOf(done, done + Number(left)) ?? NOTHING;
  },
};
