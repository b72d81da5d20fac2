import type { Problem } from '../../model/problem.ts';
import { problem } from '../../model/problem.ts';
import { words } from '../../model/text.ts';
import { type Channel, failed, SENT } from '../channel.ts';
import { noTerminal, tmuxIsNotAsked } from '../terminal/hindrances.ts';
import type { TerminalLink } from '../terminal/terminal-link.ts';

const BELL = '\u0007';

/** Rings the terminal's bell, once for all that arrives together. */
export function createBell(terminal: TerminalLink): Channel {
  return {
    async tell() {
      if (terminal.isMute) return failed(noTerminal('bell'));
      terminal.write(BELL);
      return SENT;
    },
    async check() {
      if (terminal.isMute) return [noTerminal('bell')];
      const { tmux, multiplexer } = await terminal.known();
      if (multiplexer !== 'tmux') return [];
      return tmux ? bellProblems(tmux.bellAction) : [tmuxIsNotAsked('bell')];
    },
  };
}

function bellProblems(action: string): Problem[] {
  if (action !== 'none') return [];
  return [
    problem(
      'not-allowed',
      'degraded',
      words`bell: tmux does not pass on the bell (bell-action none)`,
      'tmux set -g bell-action any',
    ),
  ];
}
