import { joined, type PlainText, words } from '../../model/text.ts';
import { taskGlyph } from '../../present/glyphs.ts';
import type { Channel } from '../channel.ts';
import type { Summary } from '../summary.ts';
import { noTerminal } from '../terminal/hindrances.ts';
import { RESTORE_TITLE, SAVE_TITLE, titleSequence } from '../terminal/sequences.ts';
import type { TerminalLink } from '../terminal/terminal-link.ts';

/** Shows in the window's title how many tasks wait, have failed and run. */
export function createTitle(terminal: TerminalLink, ascii: boolean): Channel {
  let shown = titleSequence(words`taskglass`);
  let isOurs = false;
  return {
    show(summary) {
      const next = titleSequence(titleText(summary, ascii));
      if (next === shown) return;
      shown = next;
      if (isOurs) terminal.write(shown);
    },
    modes: {
      enter() {
        isOurs = !terminal.isMute;
        return isOurs ? `${SAVE_TITLE}${shown}` : '';
      },
      leave() {
        const was = isOurs;
        isOurs = false;
        return was ? RESTORE_TITLE : '';
      },
    },
    async check() {
      return terminal.isMute ? [noTerminal('title')] : [];
    },
  };
}

function titleText({ needsYou, failed, running }: Summary, ascii: boolean): PlainText {
  const part = (status: 'needs-input' | 'failed' | 'running', count: number) =>
    count === 0 ? [] : [words`${taskGlyph(status, 0, ascii).text}${count}`];
  return joined(
    [
      ...part('needs-input', needsYou),
      ...part('failed', failed),
      ...part('running', running),
      words`taskglass`,
    ],
    ' ',
  );
}
