import type { FileFormat } from '../sources/open/detect.ts';

/** What is searched for in the current directory, with its name in the singular and the plural. */
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

/** The agents whose sessions are searched for among this user's own files. */
export const AGENTS = ['claude', 'codex', 'opencode', 'gemini'] as const;
export type Agent = (typeof AGENTS)[number];

/** What is searched for if no source is named. */
export type DiscoveredKind = KindHere | 'runs' | Agent;
export const DISCOVERED_KINDS: readonly DiscoveredKind[] = [
  ...(Object.keys(KINDS_HERE) as KindHere[]),
  'runs',
  ...AGENTS,
];

/** Which kinds to search for; a kind that is absent is searched for. */
export type Switches = Readonly<Partial<Record<DiscoveredKind, boolean>>>;

/** Returns the same switches with the agents off: what they do is nobody else's business, and their sessions never end. */
export function withoutAgents(switches: Switches): Switches {
  return { ...switches, ...Object.fromEntries(AGENTS.map((agent) => [agent, false])) };
}
