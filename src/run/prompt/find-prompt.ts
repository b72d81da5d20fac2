import { plainLine, words } from '../../model/text.ts';

/** A process of a command that has its terminal, that is: it is in the foreground there. */
export interface ForegroundProcess {
  readonly isAsleep: boolean;
  /**
   * What it waits to read from: its terminal, as one of its descriptors or opened by the name /dev/tty to ask there;
   * nothing of the kind; or the system does not tell, as of another user's process.
   */
  readonly reads: 'terminal' | '/dev/tty' | 'nothing' | 'unknown';
}

/** How a terminal treats what is typed. */
export interface TerminalModes {
  /** Line by line, as the system edits it; else key by key, as full-screen programs and line editors want it. */
  readonly isByLine: boolean;
  readonly isEchoed: boolean;
}

/** What a program has made of the screen. */
export interface ScreenUse {
  /** The alternate screen is shown: a full-screen program has it all. */
  readonly isAlternate: boolean;
  readonly isCursorHidden: boolean;
}

/** What is known of a silent command. */
export interface PromptFacts {
  /** The last line that it printed, if it has not ended it; else ''. */
  readonly line: string;
  readonly screen: ScreenUse;
  readonly processes: readonly ForegroundProcess[];
  /** null if they are not known. */
  readonly modes: TerminalModes | null;
}

const SAYS_SOMETHING = /[\p{L}\p{N}]/u;
/** What asks by its form: `Name:`, `Ok to proceed? (y)`, `Continue [Y/n]`. */
const ASKS = /(?:[?:›❯]|[([{]\s*(?:y|yes|n|no)(?:\s*[/|,]\s*[\p{L}\p{N}]+)*\s*[)\]}])\s*$/iu;
/** Printed to the terminal past us, as by ssh. */
const UNSEEN = words`waits for an answer at its terminal`;

/**
 * Returns the question of a prompt that waits for a person, or null where that is not known for sure. A program that takes
 * key by key may be anything (a pager, a dashboard), so its line must also ask by its form.
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
  // Nothing but a question for a password switches off the echo alone.
  return reads.has('unknown') && modes && !modes.isEchoed && says ? line : null;
}

export function saysSomething(line: string): boolean {
  return SAYS_SOMETHING.test(line);
}
