import type { FileFormat } from '../sources/open/detect.ts';

/** What is looked for in the current directory, and how one and several of it are called. */
export const KINDS_HERE = {
  'dashboard-state': ['state file', 'state files'],
  'task-breakdown': ['task breakdown', 'task breakdowns'],
  sessions: ['session board', 'session boards'],
  maestro: ['Maestro', 'Maestros'],
  checklist: ['checklist', 'checklists'],
  'task-master': ['task-master list', 'task-master lists'],
  backlog: ['backlog', 'backlogs'],
  beads: ['beads project', 'beads projects'],
  'feature-list': ['feature list', 'feature lists'],
  'job-runs': ['job database', 'job databases'],
  ledger: ['ledger', 'ledgers'],
} as const satisfies Readonly<Record<FileFormat | 'maestro', readonly [one: string, many: string]>>;
export type KindHere = keyof typeof KINDS_HERE;

/** The agents whose sessions are looked for among this user's own files. */
export const AGENTS = ['claude', 'codex', 'opencode', 'gemini'] as const;
export type Agent = (typeof AGENTS)[number];

/** What is looked for if no source is named. */
export type DiscoveredKind = KindHere | 'runs' | Agent;
export const DISCOVERED_KINDS: readonly DiscoveredKind[] = [
  ...(Object.keys(KINDS_HERE) as KindHere[]),
  'runs',
  ...AGENTS,
];

/** Which kinds are looked for; each that is not in it is. */
export type Switches = Readonly<Partial<Record<DiscoveredKind, boolean>>>;

/** Returns the same switches with the agents' off: what they do is not for others, and it does not come to an end. */
export function withoutAgents(switches: Switches): Switches {
  return { ...switches, ...Object.fromEntries(AGENTS.map((agent) => [agent, false])) };
}
