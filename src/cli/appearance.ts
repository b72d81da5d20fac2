import type { Io } from './io.ts';

type Environment = Pick<Io, 'env' | 'stdout'>;

/** Colours: as asked for, else as the environment says (NO_COLOR, FORCE_COLOR, TERM), else where a terminal shows them. */
export function wantsColor(option: boolean, { env, stdout }: Environment): boolean {
  if (!option) return false;
  if (env.NO_COLOR) return false;
  if (env.FORCE_COLOR !== undefined && env.FORCE_COLOR !== '')
    return !/^(?:0|false)$/iu.test(env.FORCE_COLOR);
  return Boolean(stdout.isTTY) && env.TERM !== 'dumb';
}

/** ASCII only: as asked for, else where the terminal or the locale cannot show more. */
export function wantsAscii(setting: boolean | undefined, { env }: Pick<Environment, 'env'>): boolean {
  if (setting !== undefined) return setting;
  if (env.TERM === 'dumb') return true;
  const locale = env.LC_ALL || env.LC_CTYPE || env.LANG || '';
  return !/utf-?8/iu.test(locale);
}

/** A terminal on a build server is nobody's to look at. */
export function isInteractive({ env, stdout }: Environment): boolean {
  return Boolean(stdout.isTTY) && !env.CI;
}
