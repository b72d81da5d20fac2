import type { Clock } from '../../clock.ts';
import { askCommand } from '../../io/ask-command.ts';
import type { Environment } from '../../storage/home.ts';

/** What tmux says about itself. */
export interface TmuxOptions {
  readonly version: string;
  /** The names by which it knows the terminal around it. */
  readonly terminalNames: readonly string[];
  /** Whether sequences to the terminal around it get through: not at all, from panes that are shown, or from all. */
  readonly passthrough: 'off' | 'shown' | 'all';
  readonly hasFocusEvents: boolean;
  readonly bellAction: string;
  /** Whether programs can set the clipboard. */
  readonly setsClipboard: boolean;
  /** How long it delays an `esc`. */
  readonly escapeMs: number;
}

/** The options that are asked for; each is also the name of a format. */
const ASKED = [
  'version',
  'client_termtype',
  'client_termname',
  'allow-passthrough',
  'focus-events',
  'bell-action',
  'set-clipboard',
  'escape-time',
] as const;
const SEPARATOR = '|';
const LIMIT_MS = 2_000;

/** Asks the tmux to which this pane belongs; resolves with null if it does not answer. */
export async function askTmux(
  env: Environment,
  tools: { readonly clock: Clock; readonly signal: AbortSignal },
): Promise<TmuxOptions | null> {
  const pane = env.TMUX_PANE ? ['-t', env.TMUX_PANE] : [];
  const format = ASKED.map((name) => `#{${name}}`).join(SEPARATOR);
  const words = ['tmux', 'display-message', '-p', ...pane, format];
  const answer = await askCommand({ words, env, limitMs: LIMIT_MS }, tools);
  if (answer.kind !== 'ended' || answer.code !== 0) return null;
  const values = answer.stdout.trim().split(SEPARATOR);
  const valueIn = (name: (typeof ASKED)[number]) => values[ASKED.indexOf(name)] ?? '';
  return {
    version: valueIn('version'),
    terminalNames: [valueIn('client_termtype'), valueIn('client_termname')],
    passthrough: passthroughOf(valueIn('allow-passthrough')),
    hasFocusEvents: isOn(valueIn('focus-events')),
    bellAction: valueIn('bell-action'),
    setsClipboard: isOn(valueIn('set-clipboard')),
    escapeMs: Number(valueIn('escape-time')),
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
