import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { defaultLedgerPath } from '../ledger/sql/ledger-file.ts';
import { OWN_RUNS, sourceId } from '../model/id.ts';
import { type PlainText, words } from '../model/text.ts';
import type { Source } from '../sources/kit/source.ts';
import { userDirectories } from '../storage/directories.ts';
import { makeDirectory } from '../storage/make-directory.ts';
import type { SessionContext } from './context.ts';
import { AGENTS, type Agent, type DiscoveredKind } from './discovered-kinds.ts';
import { openPrograms } from './programs.ts';
import type { Selection } from './selection.ts';

/** A place of this user, outside the current directory, that is shown although nobody named it. */
export interface UserPlace {
  readonly kind: DiscoveredKind;
  readonly place: string;
  /** Resolves with how much can be shown; or why there is nothing. */
  look(): Promise<{ readonly found: number } | { readonly why: PlainText }>;
  open(): Promise<readonly Source[]>;
}

/**
 * Where an agent keeps its files, and whether they have changed within the last day. Each agent's own folder implements it.
 */
interface AgentPlace {
  homeOf(env: SessionContext['env']): string;
  changedRecently(env: SessionContext['env'], nowMs: number): Promise<boolean>;
}

/** The agents that can be found, each by its own code. */
const AGENT_PLACES: Readonly<Record<Agent, () => Promise<AgentPlace>>> = {
  async claude() {
    const { claudeHome, changedRecently } = await import('../agents/claude/place.ts');
    return { homeOf: claudeHome, changedRecently };
  },
  async codex() {
    const { codexHome, changedRecently } = await import('../sources/codex/place.ts');
    return { homeOf: (env) => codexHome('', env, '/'), changedRecently };
  },
  async opencode() {
    const { databaseOf, changedRecently } = await import('../sources/opencode/place.ts');
    return { homeOf: (env) => databaseOf('', env, '/'), changedRecently };
  },
  async gemini() {
    const { geminiHome, changedRecently } = await import('../sources/gemini/place.ts');
    return { homeOf: (env) => geminiHome('', env, '/'), changedRecently };
  },
};

/** Returns this user's places, in the order in which they are shown. */
export async function userPlaces(
  selection: Pick<Selection, 'awaitsRuns'>,
  context: SessionContext,
): Promise<UserPlace[]> {
  const agents = AGENTS.map(async (agent) => agentPlace(agent, await AGENT_PLACES[agent](), context));
  return [ownRuns(selection, context), ownLedger(context), ...(await Promise.all(agents))];
}

/**
 * Returns the place of this user's runs. If runs are awaited, the directory is created, so that runs that are started later
 * appear as well.
 */
function ownRuns({ awaitsRuns }: Pick<Selection, 'awaitsRuns'>, context: SessionContext): UserPlace {
  const directory = userDirectories(context.env).runs;
  return {
    kind: 'runs',
    place: directory,
    async look() {
      if (awaitsRuns) await makeDirectory(directory, 0o700).catch(() => {});
      const names: string[] | null = await readdir(directory).catch(() => null);
      return names ? { found: names.filter((name) => name.endsWith('.json')).length } : NO_DIRECTORY;
    },
    async open() {
      const { createStateDirectorySource } = await import('../sources/dashboard-state/directory-source.ts');
      const { clock, runAgain } = context;
      return [createStateDirectorySource({ id: OWN_RUNS, directory, clock, ...(runAgain && { runAgain }) })];
    },
  };
}

function ownLedger({ env, clock }: SessionContext): UserPlace {
  const file = defaultLedgerPath(env);
  return {
    kind: 'ledger',
    place: file,
    look: async () => (existsSync(file) ? { found: 1 } : { why: words`no such file` }),
    async open() {
      const { createLedgerSource } = await import('../sources/ledger/source.ts');
      return [createLedgerSource({ id: sourceId('ledger'), path: file, clock })];
    },
  };
}

function agentPlace(
  agent: Agent,
  { homeOf, changedRecently }: AgentPlace,
  context: SessionContext,
): UserPlace {
  const { env, clock } = context;
  const home = homeOf(env);
  return {
    kind: agent,
    place: home,
    async look() {
      if (!existsSync(home)) return { why: words`not there` };
      return (await changedRecently(env, clock.now()))
        ? { found: 1 }
        : { why: words`no activity in the last day` };
    },
    async open() {
      const opened = await openPrograms([{ kind: 'program', scheme: agent, place: '' }], context);
      return opened.kind === 'opened' ? opened.sources : [];
    },
  };
}

const NO_DIRECTORY = { why: words`no such directory` };
