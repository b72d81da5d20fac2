import { NOTHING, phases, type Tool } from '../found.ts';

const PHASES = ['update replicas', 'wait until available'] as const;
const UPDATED = /(?<n>\d+) out of (?<m>\d+) new replicas have been updated/u;
const AVAILABLE = /(?<n>\d+) of (?<m>\d+) updated replicas are available/u;
const UPDATED_PODS = /(?<n>\d+) out of (?<m>\d+) new pods have been updated/u;
const AVAILABLE_PODS =
  /(?<n>\d+) of (?<m>\d+) (?:updated|partitioned roll out.*) pods are (?:available|ready)/u;

/** `kubectl rollout status`: new replicas are created first, then they have to become available. */
export const kubectl: Tool = {
  createReader: () => (line) => {
    if (!/rollout to finish/u.test(line.text)) return null;
    const updated = (UPDATED.exec(line.text) ?? UPDATED_PODS.exec(line.text))?.groups;
    if (updated) return phases(PHASES, 0, share(updated));
    const available = (AVAILABLE.exec(line.text) ?? AVAILABLE_PODS.exec(line.text))?.groups;
    return available ? phases(PHASES, 1, share(available)) : NOTHING;
  },
};

function share({ n, m }: Record<string, string>): number {
  return Number(m) > 0 ? Math.min(100, (Number(n) / Number(m)) * 100) : 0;
}
