import type { Io } from '../../io/io.ts';
import type { StatusFigures } from '../../model/status-figures.ts';
import { statusFigures } from '../../present/status-figures.ts';
import { createEndingsFile } from '../config/endings-file.ts';
import { wantsAscii } from '../process/appearance.ts';
import { listedEntries } from './listed.ts';
import type { Session } from './session.ts';

/**
 * Summarises a session's tasks, without those that this user has dismissed; tasks that were looked at need nobody any more.
 */
export async function figuresOf(session: Session, io: Io): Promise<StatusFigures> {
  const { monitor, settings } = session;
  const [dismissals, seen] = await Promise.all([
    createEndingsFile(io.env, 'dismissed', io.clock).load(),
    createEndingsFile(io.env, 'seen', io.clock).load(),
  ]);
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
  return statusFigures(state, listedEntries(state, session), context, { dismissals, seen });
}

/**
 * Lets `taskglass status` and a shell's completion ask this process, which has already read everything, if it shows what
 * they would: no source was named, and nothing is filtered out. The returned function stops that. Never rejects: both work
 * without it.
 */
export async function tellStatus(
  session: Session,
  sourceTexts: readonly string[] | null,
  io: Io,
): Promise<() => Promise<void>> {
  if (sourceTexts?.length !== 0 || session.settings.filter !== '' || process.platform === 'win32')
    return async () => {};
  try {
    const [{ makeNamesSocketPath, makeStatusSocketPath }, { listenForStatus }, { tellAtSocket }, known] =
      await Promise.all([
        import('../../storage/runtime-directory.ts'),
        import('../../serve/status-socket.ts'),
        import('../../serve/json-socket.ts'),
        import('./known-tasks.ts'),
      ]);
    const knownTasks = async () => known.knownTasksOf(session.monitor.getState());
    const tellers = await Promise.all([
      listenForStatus(await makeStatusSocketPath(io.env), () => figuresOf(session, io)),
      tellAtSocket(await makeNamesSocketPath(io.env), knownTasks),
    ]);
    return async () => {
      await Promise.all(tellers.map(({ close }) => close()));
    };
  } catch {
    return async () => {};
  }
}
