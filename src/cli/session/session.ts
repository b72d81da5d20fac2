import type { Io } from '../../io/io.ts';
import type { Problem } from '../../model/problem.ts';
import { createMonitor, type Monitor } from '../../monitor.ts';
import type { Signer } from '../../nostr/signer.ts';
import { openSources } from '../../session/open-sources.ts';
import { rememberRuns as remember } from '../../session/remember.ts';
import type { Selection } from '../../session/selection.ts';
import { everySourceIsLive, waitUntil } from '../../session/settled.ts';
import { readConfigFile } from '../config/config-file.ts';
import { environmentLayer, resolveSettings, type Settings } from '../config/settings.ts';
import { isInteractive } from '../process/appearance.ts';
import { complain, EXIT, refuse } from '../process/exit.ts';
import { welcomeProblem } from '../welcome.ts';
import { sessionContext } from './context.ts';

/** What every command that looks at tasks needs: the settings in force and a monitor over the sources. */
export interface Session {
  readonly settings: Settings;
  readonly monitor: Monitor;
  /** How many sources were opened. */
  readonly sourceCount: number;
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
  return { ...resolved, path: file.path, isConfigForeign };
}

/** Opens what `sourceTexts` name, or what is configured and lies in the current directory if none is named. */
export async function openSession(
  sourceTexts: readonly string[],
  options: CommandOptions,
  io: Io,
  watching: { readonly eventsKept?: number } = {},
): Promise<OpenedSession> {
  const resolved = await readSettings(options, io);
  if (resolved.kind === 'refused') return resolved;
  const { settings, isConfigForeign } = resolved;
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
  watching: { readonly eventsKept?: number } = {},
): Promise<number> {
  const opened = await openSession(sourceTexts, options, io, watching);
  if (opened.kind === 'refused') return refuse(io, opened.problem, opened.code ?? EXIT.usage);
  const { session } = opened;
  try {
    return await work(session);
  } finally {
    await session.monitor.close();
  }
}

/** Says what to do if there is nothing to show. */
export function warnIfEmpty({ sourceCount }: Session, io: Io): void {
  if (sourceCount === 0) complain(io, welcomeProblem());
}

/** Opens a session whose settings are known. `signer` signs instead of the configured key. */
export async function openWith(
  settings: Settings,
  sourceTexts: readonly string[],
  io: Io,
  {
    signer,
    isConfigForeign = false,
    ...watching
  }: { readonly eventsKept?: number; readonly signer?: Signer; readonly isConfigForeign?: boolean } = {},
): Promise<OpenedSession> {
  const awaitsRuns = isInteractive(io);
  const selection = { ...selectionOf(settings, sourceTexts), isConfigForeign, signer, awaitsRuns };
  const opened = await openSources(selection, sessionContext(io));
  if (opened.kind === 'refused') return opened;
  if (opened.kind === 'nothing-found')
    return { kind: 'refused', problem: opened.problem, code: EXIT.noSource };
  const monitor = createMonitor({ sources: opened.sources, clock: io.clock, ...watching });
  return { kind: 'open', session: { settings, monitor, sourceCount: opened.sources.length } };
}

function selectionOf(
  { sources, pubkey, keyFile, readOnly }: Settings,
  named: readonly string[],
): Omit<Selection, 'awaitsRuns'> {
  return { named, configured: sources, pubkeys: pubkey, keyFile, readOnly };
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
