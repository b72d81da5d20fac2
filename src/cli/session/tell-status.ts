import type { Io } from '../../io/io.ts';
import type { StatusFigures } from '../../model/status-figures.ts';
import { statusFigures } from '../../present/status-figures.ts';
import { createDismissalsFile } from '../config/dismissals-file.ts';
import { wantsAscii } from '../process/appearance.ts';
import { listedEntries } from './listed.ts';
import type { Session } from './session.ts';

/** Sums up a session's tasks, without what this user has dismissed. */
export async function figuresOf({ monitor, settings }: Session, io: Io): Promise<StatusFigures> {
  const dismissals = await createDismissalsFile(io.env).load();
  const state = monitor.getState();
  const context = {
    nowMs: io.clock.now(),
    width: 80,
    ascii: wantsAscii(settings.ascii, io),
    stallAfterMs: settings.stallAfter * 1000,
    estimate: monitor.estimate,
    bandScore: monitor.bandScore,
    usualMs: monitor.usualMs,
  };
  return statusFigures(state, listedEntries(state, settings), context, dismissals);
}

/**
 * Lets `taskglass status` ask this process, which has read everything already, if it shows what that would: no source was
 * named, and nothing is filtered out. The returned function ends it. Never rejects: status does without.
 */
export async function tellStatus(
  session: Session,
  sourceTexts: readonly string[] | null,
  io: Io,
): Promise<() => Promise<void>> {
  if (sourceTexts?.length !== 0 || session.settings.filter !== '' || process.platform === 'win32')
    return async () => {};
  try {
    const [{ makeStatusSocketPath }, { listenForStatus }] = await Promise.all([
      import('../../storage/runtime-directory.ts'),
      import('../../serve/status-socket.ts'),
    ]);
    const listening = await listenForStatus(await makeStatusSocketPath(io.env), () => figuresOf(session, io));
    return listening.close;
  } catch {
    return async () => {};
  }
}
