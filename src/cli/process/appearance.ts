import type { Io } from '../../io/io.ts';

type Environment = Pick<Io, 'env' | 'stdout'>;

/**
 * Tells whether to use colours: as asked for, else as the environment says (NO_COLOR, FORCE_COLOR, TERM), else if a
 * terminal shows them.
 */
export function wantsColor(option: boolean, { env, stdout }: Environment): boolean {
  if (!option) return false;
  if (env.NO_COLOR) return false;
  if (env.FORCE_COLOR !== undefined && env.FORCE_COLOR !== '')
    return !/^(?:0|false)$/iu.test(env.FORCE_COLOR);
  return Boolean(stdout.isTTY) && !isDumb(env);
}

/** Tells whether to draw with ASCII only: as asked for, else if the terminal or the locale cannot show more. */
export function wantsAscii(setting: boolean | undefined, { env }: Pick<Environment, 'env'>): boolean {
  if (setting !== undefined) return setting;
  if (DUMB.has(env.TERM ?? '')) return true;
  const locale = env.LC_ALL || env.LC_CTYPE || env.LANG || '';
  return !/utf-?8/iu.test(locale);
}

/** Tells whether somebody looks at a terminal that can move its cursor. On a build server nobody does. */
export function isInteractive({
  env,
  stdout,
}: Pick<Io, 'env'> & { readonly stdout: { readonly isTTY?: boolean } }): boolean {
  return Boolean(stdout.isTTY) && !env.CI && !isDumb(env);
}

/** Terminal types, as terminfo names them, that can do no more than print. */
const DUMB = new Set(['dumb', 'unknown', 'dialup', 'network', 'emacs', 'dumb-emacs-ansi']);

/** Tells whether a terminal says that it can only print, or does not say what it is; Windows' own never says. */
function isDumb({ TERM }: Environment['env']): boolean {
  return TERM ? DUMB.has(TERM) : process.platform !== 'win32';
}
