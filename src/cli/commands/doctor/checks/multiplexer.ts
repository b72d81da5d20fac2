import { askCommand } from '../../../../io/ask-command.ts';
import { plainName, words } from '../../../../model/text.ts';
import { type Check, type CheckContext, type Finding, ok, warning } from '../check.ts';

/** What tmux or screen lets through, if we are in one. */
export const multiplexer: Check = {
  name: 'multiplexer',
  async look(context) {
    const { env } = context.io;
    if (env.TMUX) return tmux(context);
    if (!env.STY) return [];
    return [
      warning(
        words`screen does not pass on the clipboard, notifications or focus`,
        words`use the terminal without it, or tmux`,
      ),
    ];
  },
};

/** What tmux is asked for; each is an option that is readable as a format. */
const ASKED = ['version', 'allow-passthrough', 'focus-events', 'set-clipboard', 'escape-time'] as const;
const LIMIT_MS = 1_000;
/** With more, a single `esc` is felt to be late. */
const LATE_ESCAPE_MS = 100;

async function tmux({ io, signal }: CheckContext): Promise<Finding[]> {
  const format = ASKED.map((name) => `#{${name}}`).join(',');
  const question = { words: ['tmux', 'display-message', '-p', format], env: io.env, limitMs: LIMIT_MS };
  const answer = await askCommand(question, { clock: io.clock, signal });
  if (answer.kind !== 'ended' || answer.code !== 0)
    return [warning(words`TMUX is set, but tmux does not answer`, words`unset TMUX if this is not tmux`)];
  const [version = '', passthrough, focus, clipboard, escapeTime] = answer.stdout.trim().split(',');
  const found: Finding[] = [];
  if (!/^(?:on|all|1|2)$/u.test(passthrough ?? ''))
    found.push(
      warning(words`tmux does not pass on notifications`, words`in tmux.conf: set -g allow-passthrough on`),
    );
  if (!/^(?:on|1)$/u.test(focus ?? ''))
    found.push(
      warning(
        words`tmux does not report whether you are looking`,
        words`in tmux.conf: set -g focus-events on`,
      ),
    );
  if (!/^(?:on|2)$/u.test(clipboard ?? ''))
    found.push(
      warning(
        words`tmux does not let programs set the clipboard, so y copies nothing`,
        words`in tmux.conf: set -s set-clipboard on`,
      ),
    );
  if (Number(escapeTime) > LATE_ESCAPE_MS)
    found.push(
      warning(
        words`tmux holds back esc for ${Number(escapeTime)} ms`,
        words`in tmux.conf: set -s escape-time 10`,
      ),
    );
  return found.length > 0
    ? found
    : [ok(words`tmux ${plainName(version)}: passes on all that taskglass uses`)];
}
