import { plainLine, words } from '../../model/text.ts';

/** A process of a command that is in the foreground of its terminal. */
export interface ForegroundProcess {
  readonly isAsleep: boolean;
  /**
   * What it waits to read from: its terminal, through one of its descriptors; /dev/tty, opened by name to ask there; nothing of
   * the kind; or unknown, because the system does not say, as for another user's process.
   */
  readonly reads: 'terminal' | '/dev/tty' | 'nothing' | 'unknown';
}

/** How a terminal treats what is typed. */
export interface TerminalModes {
  /**
   * Whether the terminal edits whole lines; if not, the program reads single keys, as full-screen programs and line editors do.
   */
  readonly isByLine: boolean;
  readonly isEchoed: boolean;
}

/** How a program uses the screen. */
export interface ScreenUse {
  /** The alternate screen is shown: a full-screen program has all of it. */
  readonly isAlternate: boolean;
  readonly isCursorHidden: boolean;
}

/** What is known about a silent command. */
export interface PromptFacts {
  /** The last line that it printed, if it has not ended that line; else ''. */
  readonly line: string;
  readonly screen: ScreenUse;
  readonly processes: readonly ForegroundProcess[];
  /** null if they are not known. */
  readonly modes: TerminalModes | null;
}

const SAYS_SOMETHING = /[\p{L}\p{N}]/u;
/** A line that looks like a question: `Name:`, `Ok to proceed? (y)`, `Continue [Y/n]`. */
const ASKS = /(?:[?:›❯]|[([{]\s*(?:y|yes|n|no)(?:\s*[/|,]\s*[\p{L}\p{N}]+)*\s*[)\]}])\s*$/iu;
/** The question was printed to the terminal directly, past us, as ssh does. */
const UNSEEN = words`waits for an answer at its terminal`;

/**
 * Returns the question of a prompt that waits for a person, or null if that is not certain. A program that reads single keys
 * may be anything (a pager, a dashboard), so its line must also look like a question.
 */
export function findPrompt({ line: printed, screen, processes, modes }: PromptFacts): string | null {
  const line = plainLine(printed);
  const says = saysSomething(line);
  if (screen.isAlternate || processes.length === 0) return null;
  if (modes && !modes.isByLine) {
    const isWaiting = !screen.isCursorHidden && processes.every(({ isAsleep }) => isAsleep);
    return isWaiting && says && ASKS.test(line) ? line : null;
  }
  const reads = new Set(processes.map((process) => process.reads));
  if (reads.has('terminal') || reads.has('/dev/tty')) {
    if (says) return line;
    return reads.has('/dev/tty') ? UNSEEN : null;
  }
  // Only a question for a password switches off the echo and nothing else.
  return reads.has('unknown') && modes && !modes.isEchoed && says ? line : null;
}

export function saysSomething(line: string): boolean {
  return SAYS_SOMETHING.test(line);
}
