import type { Clock } from '../../clock.ts';
import { askCommand } from '../../io/ask-command.ts';
import { showsBar } from '../../io/terminal-features.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** The sequences by which terminals take notifications: iTerm2's OSC 9, kitty's OSC 99, urxvt's OSC 777. */
export const OSC_PROTOCOLS = ['9', '99', '777'] as const;
export type OscProtocol = (typeof OSC_PROTOCOLS)[number];

/** What runs between us and the terminal. */
export type Multiplexer = 'tmux' | 'screen' | 'zellij';

/** What is known of the terminal. */
export interface KnownTerminal {
  /** As it calls itself. */
  readonly name: string;
  /** Whether that name is one of those of which it is known what they show. */
  readonly isKnown: boolean;
  /** null if it shows no notifications, as far as is known. */
  readonly protocol: OscProtocol | null;
  readonly hasProgress: boolean;
  readonly multiplexer: Multiplexer | null;
  /** What tmux says of itself; null outside of it. */
  readonly tmux: TmuxOptions | null;
}

export interface TmuxOptions {
  /** Whether sequences to the terminal around it get through: not at all, from panes that are shown, or from all. */
  readonly passthrough: 'off' | 'shown' | 'all';
  readonly hasFocusEvents: boolean;
  readonly bellAction: string;
}

/** Finds out what the environment tells of the terminal, and in tmux, what that tells of the terminal around it. */
export async function findTerminal(
  env: Environment,
  tools: { readonly clock: Clock; readonly signal: AbortSignal },
): Promise<KnownTerminal> {
  const multiplexer = multiplexerOf(env);
  if (multiplexer !== 'tmux') return { ...byNames(namesIn(env), env), multiplexer, tmux: null };
  const told = await askTmux(env, tools);
  // What tmux's environment says is true of the terminal in which its server was started.
  const around = told ? byNames(told.names, {}) : byNames(namesIn(env), env);
  return { ...around, multiplexer, tmux: told };
}

export function multiplexerOf({ TMUX, STY, ZELLIJ, TERM = '' }: Environment): Multiplexer | null {
  if (TMUX || TERM.startsWith('tmux')) return 'tmux';
  if (ZELLIJ) return 'zellij';
  return STY || TERM.startsWith('screen') ? 'screen' : null;
}

/** Tells whether the terminal can only print: what it does not know it would show. */
export function isMute({ TERM }: Environment): boolean {
  return TERM === undefined || ['', 'dumb', 'linux', 'unknown', 'emacs'].includes(TERM);
}

/** By the terminals' own names, as variables and tmux tell them, in small letters. */
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

/** Those that have a progress bar, whose names are all that tmux tells. */
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

const TMUX_FORMAT = [
  '#{client_termtype}',
  '#{client_termname}',
  '#{allow-passthrough}',
  '#{focus-events}',
  '#{bell-action}',
].join('|');
const TMUX_LIMIT_MS = 2_000;

async function askTmux(
  env: Environment,
  tools: { readonly clock: Clock; readonly signal: AbortSignal },
): Promise<(TmuxOptions & { readonly names: readonly string[] }) | null> {
  const pane = env.TMUX_PANE ? ['-t', env.TMUX_PANE] : [];
  const answer = await askCommand(
    { words: ['tmux', 'display-message', '-p', ...pane, TMUX_FORMAT], env, limitMs: TMUX_LIMIT_MS },
    tools,
  );
  if (answer.kind !== 'ended' || answer.code !== 0) return null;
  const [termType = '', termName = '', passthrough = '', focusEvents = '', bellAction = ''] = answer.stdout
    .trim()
    .split('|');
  return {
    names: [termType, termName],
    passthrough: passthroughOf(passthrough),
    hasFocusEvents: isOn(focusEvents),
    bellAction,
  };
}

/** A tmux that is older than the option passes everything on. */
function passthroughOf(value: string): TmuxOptions['passthrough'] {
  if (value === '' || value === 'all') return 'all';
  return isOn(value) ? 'shown' : 'off';
}

function isOn(value: string): boolean {
  return value === 'on' || value === '1';
}
