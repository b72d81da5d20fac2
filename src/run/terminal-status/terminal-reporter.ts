import { writeSync } from 'node:fs';
import path from 'node:path';
import type { Io } from '../../io/io.ts';
import { isBehind } from '../../io/output.ts';
import { tellTerminal } from '../../io/print.ts';
import { showsBar } from '../../io/terminal-features.ts';
import { createThrottle } from '../../io/throttle.ts';
import type { Report, Reporter, WorkToReport } from '../../publish/report.ts';
import { getsOwnTerminal, isInBackground } from '../in-background.ts';
import { terminalShowsStatus } from './ask-terminal.ts';
import { createOutputWatch, type OutputWatch } from './output-watch.ts';
import { createProtocolWriter, type WriteStatus, writeBar } from './sequences.ts';
import { createToldWork } from './told-work.ts';

/** A bar that moves more often cannot be read. */
const TELL_EVERY_MS = 250;
/** Some terminals forget a bar without news after 15 seconds. */
const RENEW_EVERY_MS = 5_000;
const STDOUT = 1;
/** If the command broke off inside a sequence, ours would become part of it. */
const ENDS_SEQUENCE = '\u001b\\';

/** What the user's own terminal shows about a command, and who reports it. */
export interface TerminalStatus {
  readonly reporter: Reporter;
  /** The terminal shows program statuses (OSC 7501), and answers programs that ask for it. */
  readonly showsStatus: boolean;
}

/**
 * Finds out what our terminal shows: program statuses if it says so, else a progress bar if it is known to have one. Resolves
 * with null if neither, or if our outputs are not terminals. Call this before anything else reads keys.
 */
export async function openTerminalStatus(
  io: Io,
  command: { readonly words: readonly string[]; readonly isQuiet: boolean; readonly isSearched: boolean },
): Promise<TerminalStatus | null> {
  const { stdout, stderr, env } = io;
  if (!stdout.isTTY || !stderr.isTTY || isInBackground()) return null;
  const isOwn = getsOwnTerminal(io, command.isQuiet);
  const speaksProtocol = isOwn && (await terminalShowsStatus(io));
  // In a multiplexer, the environment describes the terminal around it, which has more panes than this one.
  const hasBar = showsBar(env) && !isInMultiplexer(env);
  if (!speaksProtocol && !hasBar) return null;
  const isFiltered = isOwn && command.isSearched;
  const passed = {
    bar: !command.isQuiet && (!isFiltered || showsBar(env)),
    status: !command.isQuiet && (!isFiltered || speaksProtocol),
  };
  const program = path.basename(command.words[0] ?? '');
  return {
    showsStatus: speaksProtocol,
    reporter: {
      async start(work) {
        const write = speaksProtocol ? createProtocolWriter(program, work.title) : writeBar;
        return startTelling({ io, work, write, output: createOutputWatch(passed), isBar: !speaksProtocol });
      },
      async close() {},
    },
  };
}

function isInMultiplexer({ TMUX, STY, ZELLIJ, TERM = '' }: Io['env']): boolean {
  return Boolean(TMUX || STY || ZELLIJ) || /^(?:tmux|screen)/u.test(TERM);
}

function startTelling(telling: {
  readonly io: Io;
  readonly work: WorkToReport;
  readonly write: WriteStatus;
  readonly output: OutputWatch;
  readonly isBar: boolean;
}): Report {
  const { write, output, isBar } = telling;
  const { stdout, clock } = telling.io;
  const work = createToldWork(() => throttle.request());
  const throttle = createThrottle(clock, TELL_EVERY_MS, tell);
  let told = '';
  let hasTold = false;
  let stopTimer = clock.after(RENEW_EVERY_MS, renew);
  process.once('exit', clearAtExit);
  throttle.request();

  function tell(): void {
    const sequence = write(work.status);
    if (sequence === told) return;
    // Not inside an escape sequence of the command: its rest is still to come, and we report after that.
    if (output.speaks || !output.isBetween || isBehind(stdout) || isInBackground()) return;
    told = sequence;
    hasTold = true;
    tellTerminal(telling.io, sequence);
  }

  function renew(): void {
    if (isBar) told = '';
    tell();
    stopTimer = clock.after(RENEW_EVERY_MS, renew);
  }

  /** Returns what is to be written at the end: nothing if the command has the last word. */
  function ending(state: 'done' | 'error' | 'clear', message: string | null): string {
    const isOurs = isBar
      ? hasTold || output.speaks === 'bar'
      : output.speaks !== 'status' && (hasTold || state !== 'clear');
    if (!isOurs) return '';
    return `${output.isBetween ? '' : ENDS_SEQUENCE}${write({ state, percent: null, message })}`;
  }

  /** Clears the status at the exit of this process, however it comes about: nothing else can be waited for any more. */
  function clearAtExit(): void {
    try {
      writeSync(STDOUT, ending('clear', null));
    } catch {
      // The terminal is gone, or accepts nothing.
    }
  }

  async function end(state: 'done' | 'error' | 'clear', message: string | null): Promise<void> {
    stopTimer();
    throttle.cancel();
    process.off('exit', clearAtExit);
    const sequence = ending(state, message);
    if (sequence !== '') tellTerminal(telling.io, sequence);
  }

  return {
    signal: new AbortController().signal,
    setSteps: work.setSteps,
    step: work.step,
    tell: work.tell,
    output(piece, stream) {
      output.take(piece, stream);
      if (output.speaks) told = '';
      else throttle.request();
    },
    complete: () => end('done', null),
    fail: (error) => end('error', error.split('\n')[0] ?? null),
    cancel: () => end('clear', null),
  };
}
