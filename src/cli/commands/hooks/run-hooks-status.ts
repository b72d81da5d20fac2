import { hookEvents, type InstalledHook } from '../../../agents/claude/hooks/installed.ts';
import { claudeHome } from '../../../agents/claude/place.ts';
import { claudeVersion } from '../../../agents/claude/program.ts';
import type { Io } from '../../../io/io.ts';
import { print, printJson } from '../../../io/print.ts';
import { joined, type PlainText, plainName, words } from '../../../model/text.ts';
import { EXIT, refuse } from '../../process/exit.ts';
import { packageVersion } from '../../process/version.ts';
import { type Disabling, findDisabling } from './disabling-settings.ts';
import { missingFiles } from './hook-program.ts';
import { type HooksOptions, settingsFile, whyUnfit, withRefusals } from './run-hooks.ts';
import { readHooks, type SettingsFile } from './settings-file.ts';

/** The state of an agent's hooks. */
interface HooksStatus {
  readonly agent: string;
  readonly settings: string;
  readonly installed: readonly string[];
  /** Hooks that this version would install in addition. */
  readonly missing: readonly string[];
  readonly versions: readonly string[];
  readonly holdS: number;
  /** Files that the hooks name but that do not exist. */
  readonly gone: readonly string[];
  readonly disabled: Disabling | null;
}

/** Prints the state of the hooks, and whether anything keeps them from working. Resolves with the exit code: 1 if so. */
export async function runHooksStatus(agent: string, options: HooksOptions, io: Io): Promise<number> {
  const unfit = whyUnfit(agent);
  if (unfit) return refuse(io, unfit, EXIT.usage);
  return withRefusals(io, async () => {
    const version = await claudeVersion({ clock: io.clock, env: io.env, cwd: io.cwd }, io.signal);
    const status = await readHooksStatus(agent, settingsFile(options, io), version, io);
    if (options.json) printJson(io, status);
    else print(io, ...linesOf(status));
    const isWell = status.installed.length > 0 && status.gone.length === 0 && status.disabled === null;
    return isWell ? EXIT.ok : EXIT.faulty;
  });
}

/** Reads the state of the hooks in a settings file, for this version of the agent; starts nothing. */
export async function readHooksStatus(
  agent: string,
  file: SettingsFile,
  version: string | null,
  io: Io,
): Promise<HooksStatus> {
  const hooks = await readHooks(file);
  const disabled = await findDisabling(claudeHome(io.env, '', io.cwd), io.cwd);
  return statusOf(agent, file.path, hooks, hookEvents(version), disabled);
}

function statusOf(
  agent: string,
  settings: string,
  hooks: readonly InstalledHook[],
  events: readonly string[],
  disabled: Disabling | null,
): HooksStatus {
  const installed = [...new Set(hooks.map(({ event }) => event))];
  const programs = hooks.flatMap(({ program }) => program ?? []);
  return {
    agent,
    settings,
    installed,
    missing: events.filter((event) => !installed.includes(event)),
    versions: [...new Set(programs.map(({ version }) => version))],
    holdS: Math.max(0, ...programs.map(({ holdS }) => holdS)),
    gone: missingFiles(hooks),
    disabled,
  };
}

function linesOf({
  agent,
  settings,
  installed,
  missing,
  versions,
  holdS,
  gone,
  disabled,
}: HooksStatus): PlainText[] {
  const head = words`${plainName(agent)}: ${plainName(settings)}`;
  if (installed.length === 0)
    return [
      head,
      words`  not installed: taskglass hooks install ${plainName(agent)}`,
      ...disabledLine(disabled),
    ];
  const own = packageVersion();
  const isOld = versions.some((version) => version !== own);
  const again = words`taskglass hooks install ${plainName(agent)}`;
  return [
    head,
    words`  installed: ${listed(installed)}`,
    ...(missing.length > 0 ? [words`  not installed: ${listed(missing)} (${again})`] : []),
    words`  by version: ${listed(versions)}${isOld ? words`; this is ${plainName(own)} (${again})` : ''}`,
    holdS > 0
      ? words`  a request for permission is held for up to ${holdS} s while a taskglass is open`
      : words`  no request for permission is held`,
    ...gone.map((path) => words`  gone: ${plainName(path)} (${again})`),
    ...disabledLine(disabled),
  ];
}

function disabledLine(disabled: Disabling | null): PlainText[] {
  if (!disabled) return [];
  return [words`  switched off: ${disabled.setting} is set in ${plainName(disabled.file)}`];
}

function listed(names: readonly string[]): PlainText {
  return joined(names.map(plainName), ', ');
}
