import type { Io } from '../../io/io.ts';

type Environment = Pick<Io, 'env' | 'stdout'>;

/**
 * Tells whether to use colours: as requested; otherwise as the environment says (NO_COLOR, FORCE_COLOR, TERM); otherwise if
 * the output is a terminal that shows them.
 */
export function wantsColor(option: boolean, { env, stdout }: Environment): boolean {
  if (!option) return false;
  if (env.NO_COLOR) return false;
  if (env.FORCE_COLOR !== undefined && env.FORCE_COLOR !== '')
    return !/^(?:0|false)$/iu.test(env.FORCE_COLOR);
  return Boolean(stdout.isTTY) && !isDumb(env) && !isMonochrome(env);
}

/** Tells whether to draw with ASCII only: as requested; otherwise if the terminal or the locale can show nothing else. */
export function wantsAscii(
  setting: boolean | undefined,
  { env }: Pick<Environment, 'env'>,
  platform: NodeJS.Platform = process.platform,
): boolean {
  if (setting !== undefined) return setting;
  return DUMB.has(env.TERM ?? '') || isLettersOnly(env) || isAsciiLocale(env, platform);
}

/**
 * Tells whether to print lines with ASCII only: as asked for, else if a terminal's locale has no more. What goes elsewhere
 * keeps the names as they are.
 */
export function wantsAsciiLines(setting: boolean | undefined, { env, stdout }: Environment): boolean {
  return setting ?? (Boolean(stdout.isTTY) && isAsciiLocale(env, process.platform));
}

function isAsciiLocale(env: Environment['env'], platform: NodeJS.Platform): boolean {
  const locale = env.LC_ALL || env.LC_CTYPE || env.LANG || '';
  return locale === '' && platform === 'win32' ? !hasFontOfToday(env) : !/utf-?8/iu.test(locale);
}

/**
 * Tells whether a terminal on Windows can draw our signs, judging by which terminal it is: nobody sets a locale there, and
 * the old console's font has only letters.
 */
function hasFontOfToday({
  WT_SESSION,
  ConEmuTask,
  TERM_PROGRAM,
  TERMINAL_EMULATOR,
  TERM,
}: Environment['env']) {
  return Boolean(WT_SESSION || ConEmuTask || TERM_PROGRAM || TERMINAL_EMULATOR || TERM);
}

/** Tells whether somebody is looking at a terminal that can move its cursor. On a build server, nobody is. */
export function isInteractive({
  env,
  stdout,
}: Pick<Io, 'env'> & { readonly stdout: { readonly isTTY?: boolean } }): boolean {
  return (
    Boolean(stdout.isTTY) && !env.CI && !isDumb(env) && !isOn(env.ACCESSIBLE) && !isOn(env.INK_SCREEN_READER)
  );
}

/**
 * Tells whether to speak in sentences instead of drawing: as requested; otherwise if the environment announces somebody who
 * listens (`ACCESSIBLE`, or Ink's own `INK_SCREEN_READER`) and there is a terminal.
 */
export function wantsSpeech(setting: boolean | undefined, { env, stdout }: Environment): boolean {
  return setting ?? (Boolean(stdout.isTTY) && (isOn(env.ACCESSIBLE) || isOn(env.INK_SCREEN_READER)));
}

function isOn(value: string | undefined): boolean {
  return value !== undefined && !/^(?:|0|false|no|off)$/iu.test(value);
}

/**
 * Tells whether a terminal's font or character set has letters but not our signs, as on the Linux console and DEC's
 * terminals.
 */
function isLettersOnly({ TERM = '' }: Environment['env']): boolean {
  return /^(?:linux|vt\d|ansi|cons25|sun|wyse)/u.test(TERM);
}

/** Tells whether a terminal has no colours, judging by its name in terminfo: DEC's terminals, and names that end with -m. */
function isMonochrome({ TERM = '' }: Environment['env']): boolean {
  return /^(?:vt\d|sun$|wyse)|-m(?:ono)?$/u.test(TERM);
}

/** Terminal types (terminfo names) that can only print. */
const DUMB = new Set(['dumb', 'unknown', 'dialup', 'network', 'emacs', 'dumb-emacs-ansi']);

/** Tells whether a terminal says that it can only print, or does not say what it is; Windows' own terminals never say. */
export function isDumb({ TERM }: Environment['env']): boolean {
  return TERM ? DUMB.has(TERM) : process.platform !== 'win32';
}

/** The width of a page if nothing says otherwise. */
const USUAL_WIDTH = 80;

/** Lines for a file or a pipe may be longer than a terminal's, but not unlimited. */
const WIDEST_LINE = 500;

/** Returns the width to print pages of text in: that of the terminal, otherwise that in `COLUMNS`. */
export function pageWidth({ env, stdout }: Environment): number {
  return (stdout.isTTY ? stdout.columns : Number(env.COLUMNS)) || USUAL_WIDTH;
}

/** Returns the width of tables. Where no terminal limits it, nothing that a script may look for is cut. */
export function tableWidth(io: Environment): number {
  return io.stdout.isTTY ? pageWidth(io) : Number(io.env.COLUMNS) || WIDEST_LINE;
}
