import type { Io } from '../../io/io.ts';
import type { Problem } from '../../model/problem.ts';
import { createMonitor, type Monitor } from '../../monitor.ts';
import type { Signer } from '../../nostr/signer.ts';
import { withoutAgents } from '../../session/discovered-kinds.ts';
import type { Looked } from '../../session/discovery.ts';
import { openSources } from '../../session/open-sources.ts';
import { rememberRuns as remember } from '../../session/remember.ts';
import type { Selection } from '../../session/selection.ts';
import { everySourceIsLive, waitUntil } from '../../session/settled.ts';
import { isDismissed } from '../../store/dismissals.ts';
import { type Filter, parseFilter } from '../../store/filter.ts';
import { readConfigFile } from '../config/config-file.ts';
import { environmentLayer, resolveSettings, type Settings } from '../config/settings.ts';
import { isInteractive } from '../process/appearance.ts';
import { complain, EXIT, refuse } from '../process/exit.ts';
import { welcomeProblem } from '../welcome.ts';
import { sessionContext } from './context.ts';
import { refuseForeignChannels } from './foreign-channels.ts';

/** What every command that looks at tasks needs: the settings in force and a monitor over the sources. */
export interface Session {
  readonly settings: Settings;
  /** Whether the filter of the settings lets a task pass. */
  readonly isListed: Filter;
  readonly monitor: Monitor;
  /** What was found that nobody named, once everything was looked at; nothing if something was named. */
  readonly searched: Promise<readonly Looked[]>;
  /** Stops looking for sources, and reading them. Resolves once nothing is left open. */
  close(): Promise<void>;
}

/** How a session is opened for a command. */
export interface Watching {
  readonly eventsKept?: number;
  /** Whether somebody is notified of its tasks, as configured. */
  readonly notifies?: boolean;
  /** Whether sources that appear later are added. */
  readonly follows?: boolean;
  /** Whether runs that are started later are shown; by default, if somebody looks at a terminal. */
  readonly awaitsRuns?: boolean;
  /** Whether it is opened before everything was looked at. */
  readonly isHasty?: boolean;
  /** Whether this user's agents are shown if no source is named; they are unless it is said. */
  readonly showsAgents?: boolean;
  /** Signs instead of the configured key. */
  readonly signer?: Signer;
  /** Whether what is configured was written by somebody else. */
  readonly isConfigForeign?: boolean;
}

export type OpenedSession =
  | { readonly kind: 'open'; readonly session: Session }
  | { readonly kind: 'refused'; readonly problem: Problem; readonly code?: number };

/** Options as commander gives them: settings by name, and the configuration file. */
export type CommandOptions = Readonly<Record<string, unknown>> & { readonly config?: string };

/** Reads the settings from file, environment and command line, later ones over earlier ones. */
export async function readSettings(options: CommandOptions, io: Io) {
  const file = await readConfigFile(options.config ?? io.env.TASKGLASS_CONFIG, io.env);
  if (file.kind === 'refused') return file;
  const { config: _config, ...values } = options;
  const optionLayer = { origin: 'option', where: 'command line', values } as const;
  const resolved = resolveSettings([file.layer, environmentLayer(io.env), optionLayer]);
  if (resolved.kind === 'refused') return resolved;
  const isConfigForeign = !file.isOwn && resolved.origins.sources === 'file';
  const isNotifyForeign = !file.isOwn && resolved.origins.notify === 'file';
  const notifyRefusal = refuseForeignChannels(resolved.settings, isNotifyForeign);
  return { ...resolved, path: file.path, isConfigForeign, notifyRefusal };
}

type ReadSettings = Extract<Awaited<ReturnType<typeof readSettings>>, { kind: 'resolved' }>;

/** Opens what `sourceTexts` name, or what is configured and lies in the current directory if none is named. */
export async function openSession(
  sourceTexts: readonly string[],
  options: CommandOptions,
  io: Io,
  watching: Watching = {},
): Promise<OpenedSession> {
  const resolved = await readSettings(options, io);
  return resolved.kind === 'refused' ? resolved : openResolved(resolved, sourceTexts, io, watching);
}

/** Opens a session whose settings have been read. */
export async function openResolved(
  { settings, isConfigForeign, notifyRefusal }: ReadSettings,
  sourceTexts: readonly string[],
  io: Io,
  watching: Watching,
): Promise<OpenedSession> {
  if (watching.notifies && notifyRefusal) return { kind: 'refused', problem: notifyRefusal };
  return openWith(settings, sourceTexts, io, { ...watching, isConfigForeign });
}

/**
 * Opens a session, does `work` with it and closes it. Resolves with the exit code: that of `work`, or of what could not be
 * opened.
 */
export async function withSession(
  sourceTexts: readonly string[],
  options: CommandOptions,
  io: Io,
  work: (session: Session) => Promise<number>,
  watching: Watching = {},
): Promise<number> {
  const opened = await openSession(sourceTexts, options, io, watching);
  if (opened.kind === 'refused') return refuse(io, opened.problem, opened.code ?? EXIT.usage);
  const { session } = opened;
  try {
    return await work(session);
  } finally {
    await session.close();
  }
}

/** Says what to do if there is nothing to show. */
export function warnIfEmpty({ monitor }: Session, io: Io): void {
  if (monitor.getState().sources.size === 0) complain(io, welcomeProblem());
}

/** Opens a session whose settings are known. */
export async function openWith(
  settings: Settings,
  sourceTexts: readonly string[],
  io: Io,
  watching: Watching = {},
): Promise<OpenedSession> {
  const { isHasty, eventsKept } = watching;
  const context = sessionContext(io);
  const opened = await openSources(selectionOf(settings, sourceTexts, io, watching), context);
  if (opened.kind === 'refused') return opened;
  if (opened.kind === 'nothing-found')
    return { kind: 'refused', problem: opened.problem, code: EXIT.noSource };
  const { sources, discovery } = opened;
  const { searched } = discovery;
  const monitor = createMonitor({
    sources,
    clock: io.clock,
    ...(eventsKept !== undefined && { eventsKept }),
  });
  discovery.deliverTo(monitor.add, monitor.remove);
  if (isHasty)
    context.onProblem = monitor.complain; // stderr may be what the screen is on
  else await searched;
  const close = async () => {
    await Promise.all([discovery.close(), monitor.close()]);
  };
  const isListed = await filterOf(settings, monitor, io);
  return { kind: 'open', session: { settings, isListed, monitor, searched, close } };
}

/** Reads the filter. What `is:` asks for depends on what was looked at, by the time that the session is opened. */
async function filterOf({ filter }: Settings, { getState }: Monitor, { env, clock }: Io): Promise<Filter> {
  if (!/is:/iu.test(filter)) return parseFilter(filter);
  const { createEndingsFile } = await import('../config/endings-file.ts');
  const seen = await createEndingsFile(env, 'seen', clock).load();
  return parseFilter(filter, (entry) => isDismissed(seen, getState(), entry));
}

function selectionOf(
  { sources, discover, pubkey, keyFile, readOnly }: Settings,
  named: readonly string[],
  io: Io,
  {
    signer,
    follows = false,
    awaitsRuns = isInteractive(io),
    showsAgents = true,
    isConfigForeign = false,
  }: Watching,
): Selection {
  return {
    named,
    configured: sources,
    discover: showsAgents ? discover : withoutAgents(discover),
    pubkeys: pubkey,
    isConfigForeign,
    keyFile,
    signer,
    readOnly,
    follows,
    awaitsRuns,
  };
}

/** Waits until every source is live, `waitMs` have passed (`--wait`), or a signal comes; tells whether all are live. */
export function settle(
  { monitor, settings }: Session,
  { clock, signal }: Io,
  waitMs = settings.wait * 1000,
): Promise<boolean> {
  return waitUntil(monitor, everySourceIsLive, { clock, waitMs, signal });
}

/** Lets earlier runs count from now on and learns from what ends, unless the settings say otherwise. */
export async function rememberRuns(
  { monitor, settings }: Session,
  io: Io,
  onProblem: (problem: Problem) => void = (said) => complain(io, said),
): Promise<void> {
  if (settings.history) await remember(monitor, { env: io.env, onProblem });
}
