import { constants, openSync } from 'node:fs';
import { ReadStream } from 'node:tty';
import type { Clock } from '../clock.ts';
import type { PseudoTerminal } from '../io/pseudo-terminal.ts';
import { sttySync } from '../io/stty.ts';
import { terminalState } from './in-background.ts';

/** A program prints something when it begins or stops to read single keys; this long after that, we check. */
const LOOK_AFTER_MS = 50;
/** Each check that finds nothing new makes the next one wait longer, up to this. */
const LONGEST_WAIT_MS = 2_000;
/** Our terminal still ends its lines itself. */
const AS_OURS = ['opost', 'onlcr'];

/** Our terminal's keys, lent to a command that reads them from one of its outputs. */
export interface LentKeys {
  /** Call this when the command has printed something. */
  look(): void;
  /** Takes the keys back for now, and leaves our terminal as it was. */
  takeBack(): void;
  /** Takes them back for good. */
  stop(): void;
}

interface Loan {
  readonly fd: number;
  readonly keys: ReadStream;
  /** The modes that our terminal had before. */
  readonly before: string;
  readonly modes: string;
}

/**
 * Lends our terminal's keys to a command whose outputs are terminals of ours: pagers, editors and pickers read keys from the
 * terminal to which they print. While one of them has put that terminal into a mode for single keys, our terminal gets the same
 * modes, and its keys go there. Otherwise they belong to whatever reads our own terminal, such as a password prompt.
 */
export function lendKeys(terminal: PseudoTerminal, clock: Clock): LentKeys {
  let loan: Loan | null = null;
  let waitMs = LOOK_AFTER_MS;
  let stopTimer: (() => void) | null = null;
  let isOver = false;

  function takeBack(): void {
    if (!loan) return;
    sttySync(loan.fd, [loan.before]);
    loan.keys.destroy();
    loan = null;
  }

  function lend(modes: string): void {
    const fd = loan?.fd ?? openOwnTerminal();
    const before = loan?.before ?? (fd === null ? null : sttySync(fd, ['-g']));
    if (fd === null || before === null) return;
    sttySync(fd, [modes, ...AS_OURS]);
    const keys = loan?.keys ?? new ReadStream(fd);
    if (!loan) keys.on('error', takeBack).on('data', (pressed) => terminal.master.write(pressed));
    loan = { fd, keys, before, modes };
  }

  async function check(): Promise<void> {
    const modes = await terminal.modes();
    stopTimer = null;
    const isChanged = modes?.words.includes('-icanon') ? modes.saved !== loan?.modes : loan !== null;
    waitMs = isChanged ? LOOK_AFTER_MS : Math.min(2 * waitMs, LONGEST_WAIT_MS);
    if (isOver || !isChanged || terminalState() !== 'foreground') return;
    if (modes?.words.includes('-icanon')) lend(modes.saved);
    else takeBack();
  }

  return {
    look() {
      if (!isOver) stopTimer ??= clock.after(waitMs, () => void check());
    },
    takeBack,
    stop() {
      isOver = true;
      stopTimer?.();
      takeBack();
    },
  };
}

function openOwnTerminal(): number | null {
  try {
    return openSync('/dev/tty', constants.O_RDWR | constants.O_NOCTTY);
  } catch {
    return null;
  }
}
