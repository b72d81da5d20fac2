import { plainName, words } from '../../../../model/text.ts';
import { askTmux } from '../../../../notify/terminal/tmux.ts';
import { type Check, type CheckContext, type Finding, ok, warning } from '../check.ts';

/** What tmux or screen passes on, if taskglass runs in one. */
export const multiplexer: Check = {
  name: 'multiplexer',
  async look(context) {
    const { env } = context.io;
    if (env.TMUX) return tmuxFindings(context);
    if (!env.STY) return [];
    return [
      warning(
        words`screen does not pass on the clipboard, notifications or focus`,
        words`use the terminal without it, or tmux`,
      ),
    ];
  },
};

/** Beyond this delay, a single `esc` feels late. */
const LATE_ESCAPE_MS = 100;

async function tmuxFindings({ io, signal }: CheckContext): Promise<Finding[]> {
  const tmux = await askTmux(io.env, { clock: io.clock, signal });
  if (!tmux)
    return [warning(words`TMUX is set, but tmux does not answer`, words`unset TMUX if this is not tmux`)];
  const found: Finding[] = [];
  if (tmux.passthrough === 'off')
    found.push(
      warning(words`tmux does not pass on notifications`, words`in tmux.conf: set -g allow-passthrough on`),
    );
  if (!tmux.hasFocusEvents)
    found.push(
      warning(
        words`tmux does not report whether you are looking`,
        words`in tmux.conf: set -g focus-events on`,
      ),
    );
  if (!tmux.setsClipboard)
    found.push(
      warning(
        words`tmux does not let programs set the clipboard, so y copies nothing`,
        words`in tmux.conf: set -s set-clipboard on`,
      ),
    );
  if (tmux.escapeMs > LATE_ESCAPE_MS)
    found.push(
      warning(words`tmux holds back esc for ${tmux.escapeMs} ms`, words`in tmux.conf: set -s escape-time 10`),
    );
  if (found.length > 0) return found;
  return [ok(words`tmux ${plainName(tmux.version)}: passes on all that taskglass uses`)];
}
