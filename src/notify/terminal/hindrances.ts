import { type Problem, problem } from '../../model/problem.ts';
import { type Plain, type PlainText, plainName, words } from '../../model/text.ts';
import type { KnownTerminal } from './known-terminal.ts';

/** What can prevent sequences from reaching the terminal, in words. `channel` is the one that needs them. */

export function noTerminal<T extends string>(channel: Plain<T>): Problem;
export function noTerminal(channel: PlainText): Problem {
  return problem(
    'missing',
    'down',
    words`${channel}: standard output is not a terminal that supports this`,
    'use it in the view, in a terminal',
  );
}

export function tmuxIsNotAsked<T extends string>(channel: Plain<T>): Problem;
export function tmuxIsNotAsked(channel: PlainText): Problem {
  return problem(
    'no-answer',
    'degraded',
    words`${channel}: tmux does not say how it is configured`,
    'is tmux on PATH, and this pane one of its own?',
  );
}

/** Returns what prevents sequences from reaching the terminal around a multiplexer. */
export function passthroughProblems<T extends string>(channel: Plain<T>, known: KnownTerminal): Problem[];
export function passthroughProblems(channel: PlainText, { multiplexer, tmux }: KnownTerminal): Problem[] {
  if (multiplexer === 'zellij')
    return [
      problem(
        'not-allowed',
        'down',
        words`${channel}: zellij does not pass this on to the terminal`,
        'use desktop, ntfy or bell',
      ),
    ];
  if (multiplexer !== 'tmux') return [];
  if (!tmux) return [tmuxIsNotAsked(words`${channel}`)];
  if (tmux.passthrough === 'all') return [];
  const isOff = tmux.passthrough === 'off';
  return [
    problem(
      'not-allowed',
      isOff ? 'down' : 'degraded',
      isOff
        ? words`${channel}: tmux passes nothing on (allow-passthrough off)`
        : words`${channel}: tmux passes on only what comes from a pane that is shown (allow-passthrough on)`,
      'tmux set -g allow-passthrough all (on before tmux 3.4)',
    ),
  ];
}

/** Returns why it cannot be noticed whether somebody is looking; null if it can, or if that is not known. */
export function focusProblem({ multiplexer, tmux }: KnownTerminal): Problem | null {
  const isTold = multiplexer !== 'screen' && tmux?.hasFocusEvents !== false;
  if (isTold) return null;
  const by = multiplexer === 'screen' ? words`screen` : words`tmux`;
  return problem(
    'not-allowed',
    'degraded',
    words`focus: ${by} does not say whether you are looking at its pane: you are notified even while you look`,
    multiplexer === 'screen' ? undefined : 'tmux set -g focus-events on',
  );
}

export function unknownTerminal({ name }: KnownTerminal): Problem {
  return problem(
    'unknown-word',
    'degraded',
    words`osc: it is not known whether ${named(name)} shows notifications: trying OSC 9`,
    'choose another one with osc:99 or osc:777',
  );
}

export function showsNone({ name }: KnownTerminal): Problem {
  return problem(
    'not-allowed',
    'down',
    words`osc: ${named(name)} does not show notifications from programs`,
    'use bell, desktop or ntfy; or name the sequence, if it has learnt one: osc:9, osc:99, osc:777',
  );
}

function named(name: string): PlainText {
  return name === '' ? words`this terminal` : plainName(name);
}
