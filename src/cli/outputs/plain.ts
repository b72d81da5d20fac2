import type { Io } from '../../io/io.ts';
import { etaWords } from '../../present/eta.ts';
import { createPlainLog, summaryLine, taskLineWithId } from '../../present/lines.ts';
import { nextStallAt, silenceOf } from '../../store/stall.ts';
import { wantsAscii } from '../process/appearance.ts';
import { listedEntries } from '../session/listed.ts';
import type { Session } from '../session/session.ts';
import { unlessFarBehind } from './far-behind.ts';
import { createLinePrinter } from './print-lines.ts';

/** Prints `--once --plain`: a line for each task, then a summary. */
export function printTasks(session: Session, io: Io): void {
  const { monitor, settings } = session;
  const state = monitor.getState();
  const now = io.clock.now();
  const ascii = wantsAscii(settings.ascii, io);
  const listed = listedEntries(state, session);
  const lines = listed.map((entry) => {
    const estimate = entry.task.state.status === 'running' ? monitor.estimate(entry.task.id, now) : null;
    const silence = silenceOf(entry, now, settings.stallAfter * 1000);
    return taskLineWithId(entry, silence, etaWords(estimate, { nowMs: now, ascii }));
  });
  createLinePrinter(settings, io)(...lines, summaryLine(listed, state));
}

/** Prints `--plain`: a line for each change worth one, until the sources end or `signal` aborts; then a summary. */
export async function printLog(session: Session, io: Io, signal: AbortSignal): Promise<void> {
  const { monitor, settings } = session;
  const stallAfterMs = settings.stallAfter * 1000;
  const print = createLinePrinter(settings, io);
  const log = createPlainLog({
    stallAfterMs,
    ascii: wantsAscii(settings.ascii, io),
    estimate: monitor.estimate,
  });
  let stopTimer = () => {};

  const printNews = () => {
    const now = io.clock.now();
    const entries = listedEntries(monitor.getState(), session);
    const lines = log.next(monitor.getState(), entries, now);
    print(...lines);
    stopTimer();
    const stall = nextStallAt(entries, { nowMs: now, stallAfterMs });
    stopTimer = stall === null ? () => {} : io.clock.after(stall - now + 1, printNews);
  };

  const unsubscribe = monitor.subscribe(unlessFarBehind(io.stdout, printNews));
  printNews();
  await monitor.untilEnded(signal);
  unsubscribe();
  printNews();
  stopTimer();
  const state = monitor.getState();
  print(summaryLine(listedEntries(state, session), state));
}
