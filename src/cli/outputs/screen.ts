import type { Io } from '../../io/io.ts';
import { say } from '../../io/print.ts';
import { whoAsks } from '../../io/who-asks.ts';
import type { Problem } from '../../model/problem.ts';
import { plainName, words } from '../../model/text.ts';
import { channelIdentity } from '../../notify/channel-spec.ts';
import { createMutesFile } from '../../notify/mutes-file.ts';
import type { Delivery } from '../../notify/notifier.ts';
import type { Dismissals } from '../../store/dismissals.ts';
import { runApp } from '../../ui/run-app.ts';
import { createEndingsFile, type EndingsFile } from '../config/endings-file.ts';
import { wantsAscii, wantsColor } from '../process/appearance.ts';
import { EXIT, signalExit } from '../process/exit.ts';
import { foundLine } from '../session/found-line.ts';
import { openNotifying } from '../session/notifying.ts';
import { openToHooks } from '../session/open-to-hooks.ts';
import { rememberRuns, type Session } from '../session/session.ts';
import { tellStatus } from '../session/tell-status.ts';

/** Shows the session on the terminal until the person quits. Resolves with the exit code. */
export async function showScreen(
  session: Session,
  output: {
    readonly color: boolean;
    readonly inline?: number;
    readonly sourceTexts: readonly string[] | null;
  },
  io: Io,
): Promise<number> {
  const { monitor, settings } = session;
  const found = session.searched.then(foundLine);
  let endStatus = async () => {};
  const closeToHooks = openToHooks(session, io);
  const dismissals = withLatest(createEndingsFile(io.env, 'dismissed', io.clock));
  const mutes = createMutesFile(io.env, io.clock);
  const notifying = openNotifying(session, io, {
    dismissals: async () => dismissals.latest(),
    mutes,
    onDelivery: complainOnce(monitor.complain),
  });
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
      views: settings.views,
      keys: settings.keys,
      ...(output.inline !== undefined && { inlineRows: output.inline }),
    },
    dismissals,
    seen: createEndingsFile(io.env, 'seen', io.clock),
    mutes,
    ...(notifying && { notifying }),
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
  await Promise.all([endStatus(), closeToHooks(), notifying?.close()]);
  const line = reason === 'SIGHUP' ? null : await Promise.race([found, null]);
  if (line) say(io, words`taskglass: ${line}`);
  return reason === 'quit' ? EXIT.ok : signalExit(reason);
}

/** Also gives access to what was loaded or saved last. */
function withLatest(file: EndingsFile): EndingsFile & { latest(): Dismissals } {
  let latest: Dismissals = {};
  return {
    latest: () => latest,
    async load() {
      latest = await file.load();
      return latest;
    },
    save(next) {
      latest = next;
      return file.save(next);
    },
  };
}

/** Returns a function that complains about each failing channel once. */
function complainOnce(complain: (said: Problem) => void): (delivery: Delivery) => void {
  const complained = new Set<string>();
  return ({ spec, outcome }) => {
    if (outcome.kind !== 'failed' || complained.has(channelIdentity(spec))) return;
    complained.add(channelIdentity(spec));
    complain(outcome.problem);
  };
}
