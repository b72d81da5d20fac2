import type { Environment } from '../storage/home.ts';
/** Tells whether the terminal shows program statuses (OSC 7501) itself, and therefore answers queries for them. */
export function showsStatus({ TERM_PROGRAM = '' }: Environment): boolean {
  return ['ghostty', 'rex', 'cmux', 'tuios'].includes(TERM_PROGRAM.toLowerCase());
}

/** Tells whether the terminal has a progress bar (OSC 9;4), by the same signs that other programs look for. */
export function showsBar(env: Environment): boolean {
  return (
    hasFeature(env.TERM_FEATURES) ||
    env.CARGO_TERM_PROGRESS_TERM_INTEGRATION === 'true' ||
    ['wezterm', 'ghostty'].includes((env.TERM_PROGRAM ?? '').toLowerCase()) ||
    env.WT_SESSION !== undefined ||
    env.ConEmuANSI === 'ON' ||
    Number(env.PTYXIS_VERSION?.split('.')[0] ?? 0) >= 48 ||
    Number(env.KONSOLE_VERSION ?? 0) >= 260_400
  );
}

/**
 * Returns variables that tell programs in a terminal of ours that they may show a progress bar. What the user has set is
 * kept.
 */
export function announceBar(env: Environment): Record<string, string> {
  const features = env.TERM_FEATURES ?? '';
  return {
    CARGO_TERM_PROGRESS_TERM_INTEGRATION: env.CARGO_TERM_PROGRESS_TERM_INTEGRATION ?? 'true',
    TERM_FEATURES: hasFeature(features) ? features : `${features}P`,
  };
}

/** Tells whether a feature is listed: a capital letter, followed by its small letters and digits. */
function hasFeature(features: string | undefined): boolean {
  return /P(?![a-z])/u.test(features ?? '');
}
