import type { Io } from '../../io/io.ts';
import { say } from '../../io/print.ts';
import { whoAsks } from '../../io/who-asks.ts';
import { plainName, words } from '../../model/text.ts';
import { runApp } from '../../ui/run-app.tsx';
import { createDismissalsFile } from '../config/dismissals-file.ts';
import { wantsAscii, wantsColor } from '../process/appearance.ts';
import { EXIT, signalExit } from '../process/exit.ts';
import { foundLine } from '../session/found-line.ts';
import { rememberRuns, type Session } from '../session/session.ts';
import { tellStatus } from '../session/tell-status.ts';

/** Shows the session on the terminal until the person leaves. Resolves with the exit code. */
export async function showScreen(
  session: Session,
  output: { readonly color: boolean; readonly sourceTexts: readonly string[] | null },
  io: Io,
): Promise<number> {
  const { monitor, settings } = session;
  const found = session.searched.then(foundLine);
  let endStatus = async () => {};
  const { reason } = await runApp({
    monitor,
    clock: io.clock,
    options: {
      host: plainName(whoAsks()),
      readOnly: settings.readOnly,
      ascii: wantsAscii(settings.ascii, io),
      color: wantsColor(output.color, io),
      fps: settings.fps,
      stallAfterMs: settings.stallAfter * 1000,
      filter: plainName(settings.filter),
      sort: settings.sort,
      bell: settings.bell,
    },
    dismissals: createDismissalsFile(io.env),
    searched: found,
    onShown() {
      void rememberRuns(session, io, monitor.complain);
      void tellStatus(session, output.sourceTexts, io).then((end) => {
        endStatus = end;
      });
    },
    stdin: io.stdin,
    stdout: io.stdout,
    signal: io.signal,
  });
  await endStatus();
  const line = reason === 'SIGHUP' ? null : await Promise.race([found, null]);
  if (line) say(io, words`taskglass: ${line}`);
  return reason === 'quit' ? EXIT.ok : signalExit(reason);
}
