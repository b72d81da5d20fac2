import type { Clock } from '../../clock.ts';
import { showsBar } from '../../io/terminal-features.ts';
import type { Environment } from '../../storage/home.ts';
import { askTmux, type TmuxOptions } from './tmux.ts';

/** The sequences with which terminals accept notifications: iTerm2's OSC 9, kitty's OSC 99, urxvt's OSC 777. */
export const OSC_PROTOCOLS = ['9', '99', '777'] as const;
export type OscProtocol = (typeof OSC_PROTOCOLS)[number];

/** What runs between us and the terminal. */
export type Multiplexer = 'tmux' | 'screen' | 'zellij';

/** What is known about the terminal. */
export interface KnownTerminal {
  /** The terminal's own name. */
  readonly name: string;
  /** Whether it is known what a terminal with that name shows. */
  readonly isKnown: boolean;
  /** null if it shows no notifications, as far as is known. */
  readonly protocol: OscProtocol | null;
  readonly hasProgress: boolean;
  readonly multiplexer: Multiplexer | null;
  /** What tmux says about itself; null outside tmux. */
  readonly tmux: TmuxOptions | null;
}

/** Finds out what the environment says about the terminal and, inside tmux, what tmux says about the terminal around it. */
export async function findTerminal(
  env: Environment,
  tools: { readonly clock: Clock; readonly signal: AbortSignal },
): Promise<KnownTerminal> {
  const multiplexer = multiplexerOf(env);
  if (multiplexer !== 'tmux') return { ...byNames(namesIn(env), env), multiplexer, tmux: null };
  const tmux = await askTmux(env, tools);
  // The environment of tmux describes the terminal in which its server was started.
  const around = tmux ? byNames(tmux.terminalNames, {}) : byNames(namesIn(env), env);
  return { ...around, multiplexer, tmux };
}

export function multiplexerOf({ TMUX, STY, ZELLIJ, TERM = '' }: Environment): Multiplexer | null {
  if (TMUX || TERM.startsWith('tmux')) return 'tmux';
  if (ZELLIJ) return 'zellij';
  return STY || TERM.startsWith('screen') ? 'screen' : null;
}

/** Tells whether the terminal can only print: it would show the sequences that it does not know. */
export function isMute({ TERM }: Environment): boolean {
  return TERM === undefined || ['', 'dumb', 'linux', 'unknown', 'emacs'].includes(TERM);
}

/** By the terminals' own names, from variables and from tmux, in lower case. */
const BY_NAME: readonly (readonly [RegExp, OscProtocol | null])[] = [
  [/kitty/u, '99'],
  [/foot/u, '777'],
  [/wezterm/u, '777'],
  [/ghostty/u, '777'],
  [/rxvt/u, '777'],
  [/konsole/u, '777'],
  [/vte|ptyxis|gnome/u, '777'],
  [/contour/u, '777'],
  [/iterm/u, '9'],
  [/warp/u, '9'],
  [/^rio/u, '9'],
  [/apple_terminal|alacritty|vscode|xterm\(|conemu|windows terminal/u, null],
];

/** Terminals with a progress bar, by their names, which is all that tmux tells. */
const HAS_PROGRESS = /wezterm|ghostty|iterm|windows terminal|konsole|ptyxis/u;

function byNames(names: readonly string[], env: Environment) {
  const told = names.filter(Boolean).map((name) => name.toLowerCase());
  for (const name of told) {
    const known = BY_NAME.find(([pattern]) => pattern.test(name));
    if (!known) continue;
    const hasProgress = showsBar(env) || HAS_PROGRESS.test(name);
    return { name, isKnown: true, protocol: known[1], hasProgress };
  }
  return { name: told[0] ?? '', isKnown: false, protocol: null, hasProgress: showsBar(env) };
}

function namesIn(env: Environment): string[] {
  const { TERM_PROGRAM = '', LC_TERMINAL = '', TERMINAL_EMULATOR = '', TERM = '' } = env;
  return [
    env.KITTY_WINDOW_ID ? 'kitty' : '',
    env.WT_SESSION ? 'windows terminal' : '',
    env.KONSOLE_VERSION ? 'konsole' : '',
    TERM_PROGRAM,
    LC_TERMINAL,
    TERMINAL_EMULATOR,
    TERM,
    env.VTE_VERSION ? 'vte' : '',
  ];
}
