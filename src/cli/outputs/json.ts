import type { Io } from '../../io/io.ts';
import { printData, printJson } from '../../io/print.ts';
import { changeLines, changesBetween } from '../../present/changes.ts';
import {
  type DocumentContext,
  type SnapshotDocument,
  type StreamLine,
  snapshotDocument,
} from '../../present/snapshot.ts';
import { listedEntries } from '../session/listed.ts';
import type { Session } from '../session/session.ts';
import { unlessFarBehind } from './far-behind.ts';

/** Prints `--once --json`: the snapshot, as one document. */
export function printSnapshot(session: Session, io: Io): void {
  printJson(io, snapshot(session, io));
}

/** Prints `--json`: the snapshot, then a line for each change, until the sources end or `signal` aborts. */
export async function printStream(session: Session, io: Io, signal: AbortSignal): Promise<void> {
  const { monitor } = session;
  const { isListed } = session;
  const write = (line: StreamLine) => printData(io, JSON.stringify(line));
  let told = monitor.getState();

  write({ type: 'snapshot', ...snapshot(session, io) });
  const tell = () => {
    const state = monitor.getState();
    for (const line of changeLines(changesBetween(told, state, isListed), contextOf(session, io)))
      write(line);
    told = state;
  };
  const unsubscribe = monitor.subscribe(unlessFarBehind(io.stdout, tell));
  await monitor.untilEnded(signal);
  unsubscribe();
  tell();
}

function snapshot(session: Session, io: Io): SnapshotDocument {
  const state = session.monitor.getState();
  return snapshotDocument(state, listedEntries(state, session), contextOf(session, io));
}

function contextOf({ monitor, settings }: Session, io: Io): DocumentContext {
  return {
    nowMs: io.clock.now(),
    stallAfterMs: settings.stallAfter * 1000,
    readOnly: settings.readOnly,
    estimate: monitor.estimate,
  };
}
