import type { Io } from '../../io/io.ts';
import type { Problem } from '../../model/problem.ts';
import { createMonitor, type Monitor } from '../../monitor.ts';
import { readConfigFile } from '../config/config-file.ts';
import { environmentLayer, resolveSettings, type Settings } from '../config/settings.ts';
import { complain } from '../process/exit.ts';
import { openSources } from './open-sources.ts';

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

/** The settings from file, environment and command line, laid over each other. */
export async function readSettings(options: CommandOptions, io: Io) {
  const file = await readConfigFile(options.config ?? io.env.TASKGLASS_CONFIG, io.env);
  if (file.kind === 'refused') return file;
  const { config: _config, ...values } = options;
  const optionLayer = { origin: 'option', where: 'command line', values } as const;
  const resolved = resolveSettings([file.layer, environmentLayer(io.env), optionLayer]);
  return resolved.kind === 'refused' ? resolved : { ...resolved, path: file.path };
}

/** Opens what `sourceTexts` name, or what is configured and lies in the current directory where none is named. */
export async function openSession(
  sourceTexts: readonly string[],
  options: CommandOptions,
  io: Io,
  watching: { readonly eventsKept?: number } = {},
): Promise<OpenedSession> {
  const resolved = await readSettings(options, io);
  if (resolved.kind === 'refused') return resolved;
  const opened = await openSources(sourceTexts, resolved.settings, io);
  if (opened.kind === 'refused') return opened;
  const monitor = createMonitor({ sources: opened.sources, clock: io.clock, ...watching });
  return {
    kind: 'open',
    session: { settings: resolved.settings, monitor, sourceCount: opened.sources.length },
  };
}

/**
 * Lets earlier runs count from now on, and learns from what ends. Not part of opening: what it needs is loaded only
 * now, when whoever watches has something to look at.
 */
export async function rememberRuns(
  { monitor, settings }: Session,
  io: Io,
  onProblem: (problem: Problem) => void = (said) => complain(io, said),
): Promise<void> {
  if (!settings.history) return;
  const { createLazyHistory, historyFile } = await import('./history.ts');
  monitor.remember(createLazyHistory(historyFile(io), onProblem));
}
