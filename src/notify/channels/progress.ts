import type { Clock } from '../../clock.ts';
import { problem } from '../../model/problem.ts';
import { plainName, words } from '../../model/text.ts';
import type { Channel } from '../channel.ts';
import type { Summary } from '../summary.ts';
import { noTerminal, passthroughProblems } from '../terminal/hindrances.ts';
import { type Bar, progressSequence } from '../terminal/sequences.ts';
import type { TerminalLink } from '../terminal/terminal-link.ts';

/** Some terminals forget a bar without news after 15 s. */
const RENEW_MS = 5_000;

/** Shows the progress of everything under way in the terminal's own progress bar. */
export function createProgress(terminal: TerminalLink, clock: Clock): Channel {
  let bar: Bar | null = null;
  let stopTimer = () => {};
  let isOurs = false;

  /** Only while we have the terminal. */
  function write(): void {
    stopTimer();
    if (!isOurs) return;
    terminal.write(terminal.through(progressSequence(bar)));
    if (bar !== null) stopTimer = clock.after(RENEW_MS, write);
  }

  return {
    show(summary) {
      const next = barOf(summary);
      if (isSameBar(next, bar)) return;
      bar = next;
      write();
    },
    modes: {
      enter() {
        isOurs = !terminal.isMute;
        if (!isOurs || bar === null) return '';
        stopTimer();
        stopTimer = clock.after(RENEW_MS, write);
        return terminal.through(progressSequence(bar));
      },
      leave() {
        const was = isOurs;
        stopTimer();
        isOurs = false;
        return was && bar !== null ? terminal.through(progressSequence(null)) : '';
      },
    },
    async check() {
      if (terminal.isMute) return [noTerminal('progress')];
      const known = await terminal.known();
      const hasNone = problem(
        'unknown-word',
        'degraded',
        words`progress: ${known.name === '' ? words`this terminal` : plainName(known.name)} is not known to have a progress bar`,
        'if none appears, use title',
      );
      return [...(known.hasProgress ? [] : [hasNone]), ...passthroughProblems('progress', known)];
    },
  };
}

function barOf({ isUnderWay, progress, needsYou, hasFailed }: Summary): Bar | null {
  if (!isUnderWay) return null;
  const state = hasFailed ? 'failed' : needsYou > 0 ? 'waiting' : 'normal';
  return { state, percent: progress === null ? null : Math.floor(progress) };
}

function isSameBar(a: Bar | null, b: Bar | null): boolean {
  return a?.state === b?.state && a?.percent === b?.percent;
}
