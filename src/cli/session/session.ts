import type { Io } from '../../io/io.ts';
import type { Problem } from '../../model/problem.ts';
import { createMonitor, type Monitor } from '../../monitor.ts';
import type { Signer } from '../../nostr/signer.ts';
import type { ChannelSpec } from '../../notify/channel-spec.ts';
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
import { configuredChannels } from './configured-channels.ts';
import { sessionContext } from './context.ts';

/** What every command that looks at tasks needs: the settings in force, and a monitor over the sources. */
export interface Session {
  readonly settings: Settings;
  /** The channels to notify by, as configured; none unless the session was opened to notify. */
  readonly channels: readonly ChannelSpec[];
  /** Tells whether a task passes the filter in the settings. */
  readonly isListed: Filter;
  readonly monitor: Monitor;
  /** Resolves, after the search, with what was found although nobody named it; with an empty list if sources were named. */
  readonly searched: Promise<readonly Looked[]>;
  /** Stops searching for sources and reading them. Resolves once nothing is open any more. */
  close(): Promise<void>;
}

/** How a session is opened for a command. */
export interface OpenOptions {
  readonly eventsKept?: number;
  /** Whether it has the configured channels, to notify of its tasks; without this, nothing can notify. */
  readonly notifies?: boolean;
  /** Whether sources that appear later are added. */
  readonly follows?: boolean;
  /** Whether to show runs that are started later; by default, only if somebody is looking at a terminal. */
  readonly awaitsRuns?: boolean;
  /** Whether to open it before the search has ended. */
  readonly isHasty?: boolean;
  /** Whether to show this user's agents if no source is named; true by default. */
  readonly showsAgents?: boolean;
  /** Signs instead of the configured key. */
  readonly signer?: Signer;
}

export type OpenedSession =
  | { readonly kind: 'open'; readonly session: Session }
  | { readonly kind: 'refused'; readonly problem: Problem; readonly code?: number };

/** Options as commander gives them: settings by name, and the configuration file. */
export type CommandOptions = Readonly<Record<string, unknown>> & { readonly config?: string };

/** Reads the settings from file, environment and command line; later ones override earlier ones. */
export async function readSettings(options: CommandOptions, io: Io) {
  const file = await readConfigFile(options.config ?? io.env.TASKGLASS_CONFIG, io.env);
  if (file.kind === 'refused') return file;
  const { config: _config, ...values } = options;
  const optionLayer = { origin: 'option', where: 'command line', values } as const;
  const resolved = resolveSettings([file.layer, environmentLayer(io.env), optionLayer]);
  if (resolved.kind === 'refused') return resolved;
  const isConfigForeign = !file.isOwn && resolved.origins.sources === 'file';
  const isNotifyForeign = !file.isOwn && resolved.origins.notify === 'file';
  return { ...resolved, path: file.path, isConfigForeign, isNotifyForeign };
}

/** Settings, and whether somebody else wrote the file that says what to read and by what to notify. */
export type ReadSettings = Pick<
  Extract<Awaited<ReturnType<typeof readSettings>>, { kind: 'resolved' }>,
  'settings' | 'isConfigForeign' | 'isNotifyForeign'
>;

/** Opens what `sourceTexts` name; if they name nothing, what is configured and what the current directory contains. */
async function openSession(
  sourceTexts: readonly string[],
  options: CommandOptions,
  io: Io,
  opening: OpenOptions = {},
): Promise<OpenedSession> {
  const resolved = await readSettings(options, io);
  return resolved.kind === 'refused' ? resolved : openWith(resolved, sourceTexts, io, opening);
}

/**
 * Opens a session, passes it to `work`, and closes it. Resolves with the exit code: that of `work`, or the one for what
 * could not be opened.
 */
export async function withSession(
  sourceTexts: readonly string[],
  options: CommandOptions,
  io: Io,
  work: (session: Session) => Promise<number>,
  opening: OpenOptions = {},
): Promise<number> {
  const opened = await openSession(sourceTexts, options, io, opening);
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

/** Opens a session whose settings have been read. */
export async function openWith(
  resolved: ReadSettings,
  sourceTexts: readonly string[],
  io: Io,
  opening: OpenOptions = {},
): Promise<OpenedSession> {
  const { settings } = resolved;
  const { isHasty, eventsKept, notifies } = opening;
  const channels = notifies ? configuredChannels(resolved) : [];
  if ('message' in channels) return { kind: 'refused', problem: channels };
  const context = sessionContext(io);
  const opened = await openSources(selectionOf(resolved, sourceTexts, io, opening), context);
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
    context.onProblem = monitor.complain; // from now on the screen may be using stderr
  else await searched;
  const close = async () => {
    await Promise.all([discovery.close(), monitor.close()]);
  };
  const isListed = await filterOf(settings, monitor, io);
  return { kind: 'open', session: { settings, channels, isListed, monitor, searched, close } };
}

/** Reads the filter. What `is:` matches depends on what had been looked at when the session was opened. */
async function filterOf({ filter }: Settings, { getState }: Monitor, { env, clock }: Io): Promise<Filter> {
  if (!/is:/iu.test(filter)) return parseFilter(filter);
  const { createEndingsFile } = await import('../config/endings-file.ts');
  const seen = await createEndingsFile(env, 'seen', clock).load();
  return parseFilter(filter, (entry) => isDismissed(seen, getState(), entry));
}

function selectionOf(
  { settings, isConfigForeign }: ReadSettings,
  named: readonly string[],
  io: Io,
  { signer, follows = false, awaitsRuns = isInteractive(io), showsAgents = true }: OpenOptions,
): Selection {
  const { sources, discover, pubkey, keyFile, readOnly } = settings;
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

/**
 * Waits until every source is live, `waitMs` have passed (`--wait`), or a signal arrives; resolves with whether all are
 * live.
 */
export function settle(
  { monitor, settings }: Session,
  { clock, signal }: Io,
  waitMs = settings.wait * 1000,
): Promise<boolean> {
  return waitUntil(monitor, everySourceIsLive, { clock, waitMs, signal });
}

/** Uses earlier runs for estimates from now on, and learns from the runs that end, unless the settings say otherwise. */
export async function rememberRuns(
  { monitor, settings }: Session,
  io: Io,
  onProblem: (problem: Problem) => void = (said) => complain(io, said),
): Promise<void> {
  if (settings.history) await remember(monitor, { env: io.env, onProblem });
}
