import { stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { hookEvents } from '../../../agents/claude/hooks/installed.ts';
import { claudeHome } from '../../../agents/claude/place.ts';
import { claudeVersion } from '../../../agents/claude/program.ts';
import type { Io } from '../../../io/io.ts';
import { print, say } from '../../../io/print.ts';
import { RewriteError } from '../../../io/rewrite-json.ts';
import { problem } from '../../../model/problem.ts';
import { type PlainText, plainName, words } from '../../../model/text.ts';
import { makeDirectory } from '../../../storage/make-directory.ts';
import { EXIT, refuse } from '../../process/exit.ts';
import { isTransient, ownHookProgram } from './hook-program.ts';
import { installHooks, removeHooks, type SettingsChange, type SettingsFile } from './settings-file.ts';

export interface HooksOptions {
  /** For the current directory only. */
  readonly project?: boolean;
  readonly dryRun?: boolean;
  /** How long a request for permission is held, in seconds. */
  readonly hold?: string;
  readonly json?: boolean;
}

/** Long enough to look up and press a key. Meanwhile, the agent also asks at its own terminal. */
const USUAL_HOLD_S = 60;
const LONGEST_HOLD_S = 3_600;

/** Installs the hooks of an agent. Resolves with the exit code. */
export async function runHooksInstall(agent: string, options: HooksOptions, io: Io): Promise<number> {
  const unfit = whyUnfit(agent);
  if (unfit) return refuse(io, unfit, EXIT.usage);
  const holdS = readHold(options.hold);
  if (holdS === null) return refuse(io, NO_HOLD, EXIT.usage);
  const home = claudeHome(io.env, '', io.cwd);
  if (!options.project && !(await isDirectory(home))) return refuse(io, noHome(home), EXIT.usage);
  const file = settingsFile(options, io);
  const program = ownHookProgram(holdS);
  const version = await claudeVersion({ clock: io.clock, env: io.env, cwd: io.cwd }, io.signal);
  return withRefusals(io, async () => {
    if (options.project && !options.dryRun) await makeDirectory(dirname(file.path), 0o755);
    const change = await installHooks(
      file,
      { events: hookEvents(version), program },
      options.dryRun === true,
    );
    if (options.dryRun) return printChange(change, file, io);
    const count = change.after.length;
    const where = plainName(file.path);
    say(
      io,
      change.isChanged
        ? words`taskglass: hooks: ${count} hooks are installed in ${where}; new sessions will use them`
        : words`taskglass: hooks: ${where} already has them: nothing was changed`,
    );
    if (isTransient(program))
      say(
        io,
        words`taskglass: hooks: npx may remove ${plainName(program.file)} at any time; install taskglass itself (npm i -g taskglass), then these hooks again`,
      );
    return EXIT.ok;
  });
}

/** Removes the hooks of an agent. Resolves with the exit code. */
export async function runHooksRemove(agent: string, options: HooksOptions, io: Io): Promise<number> {
  const unfit = whyUnfit(agent);
  if (unfit) return refuse(io, unfit, EXIT.usage);
  const file = settingsFile(options, io);
  return withRefusals(io, async () => {
    const change = await removeHooks(file, options.dryRun === true);
    if (options.dryRun) return printChange(change, file, io);
    const where = plainName(file.path);
    say(
      io,
      change.isChanged
        ? words`taskglass: hooks: ${change.before.length} hooks were removed from ${where}`
        : words`taskglass: hooks: taskglass has no hooks in ${where}`,
    );
    return EXIT.ok;
  });
}

/**
 * Returns the settings to change. For a project these are the unshared ones, because our paths are those of this machine.
 */
export function settingsFile({ project }: HooksOptions, io: Io): SettingsFile {
  const directory = project ? join(io.cwd, '.claude') : claudeHome(io.env, '', io.cwd);
  const name = project ? 'settings.local.json' : 'settings.json';
  return { path: join(directory, name), clock: io.clock, signal: io.signal, env: io.env };
}

export async function withRefusals(io: Io, work: () => Promise<number>): Promise<number> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof RewriteError)) throw error;
    const { message, hint } = error.problem;
    return refuse(io, { message: words`hooks: ${message}`, ...(hint && { hint }) }, EXIT.usage);
  }
}

export function whyUnfit(agent: string) {
  if (agent !== 'claude')
    return problem(
      'malformed',
      'down',
      words`hooks: taskglass has no hooks for ${plainName(agent)}`,
      'claude',
    );
  if (process.platform === 'win32')
    return problem(
      'not-allowed',
      'down',
      'hooks: they need sockets in a directory of this user, which Windows does not have',
    );
  return null;
}

/** Prints what would change, hook by hook. The rest of the file is not shown: it may contain keys. */
function printChange({ before, after, isChanged }: SettingsChange, { path }: SettingsFile, io: Io): number {
  const line =
    (sign: string) =>
    (hook: SettingsChange['after'][number]): PlainText =>
      words`${plainName(sign)} ${plainName(hook.event)}: ${plainName(JSON.stringify(hook.entry))}`;
  if (isChanged) print(io, plainName(path), ...before.map(line('-')), ...after.map(line('+')));
  else print(io, words`${plainName(path)}: nothing to change`);
  return EXIT.ok;
}

function readHold(text: string | undefined): number | null {
  if (text === undefined) return USUAL_HOLD_S;
  const seconds = /^\d{1,4}$/u.test(text) ? Number(text) : Number.NaN;
  return seconds <= LONGEST_HOLD_S ? seconds : null;
}

const NO_HOLD = problem(
  'malformed',
  'down',
  words`hooks: --hold takes a number of seconds from 0 to ${LONGEST_HOLD_S}`,
  'with 0, only the agent asks',
);

function noHome(home: string) {
  return problem(
    'missing',
    'down',
    words`hooks: there is no ${plainName(home)}`,
    'start Claude Code once, or name another directory by CLAUDE_CONFIG_DIR',
  );
}

async function isDirectory(path: string): Promise<boolean> {
  return stat(path).then(
    (stats) => stats.isDirectory(),
    () => false,
  );
}
