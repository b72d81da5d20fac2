import { createInterface } from 'node:readline';
import type { InputEvent } from '../../../input/event.ts';
import type { Io } from '../../../io/io.ts';
import type { Monitor } from '../../../monitor.ts';
import { createMutesFile } from '../../../notify/mutes-file.ts';
import type { SpeechContext } from '../../../present/sentences.ts';
import { createSpeech, greetingSentences } from '../../../present/speech.ts';
import { type Dismissals, isDismissed } from '../../../store/dismissals.ts';
import { inboxOf } from '../../../store/inbox.ts';
import { isSeenIn, isSettled } from '../../../store/place.ts';
import { nextStallAt } from '../../../store/stall.ts';
import type { TaskEntry } from '../../../store/state.ts';
import { createEndingsFile } from '../../config/endings-file.ts';
import { EXIT } from '../../process/exit.ts';
import { listedEntries } from '../../session/listed.ts';
import { openNotifying } from '../../session/notifying.ts';
import { openToHooks } from '../../session/open-to-hooks.ts';
import type { Session } from '../../session/session.ts';
import { unlessFarBehind } from '../far-behind.ts';
import { createLinePrinter } from '../print-lines.ts';
import { createTypedCommands, HELP_HINT } from './typed-commands.ts';

/** News within this time is told together, because a listener cannot keep up with more. */
const GATHER_MS = 1_000;

/**
 * Tells a listener what happens, one sentence for each change, and obeys the lines that are typed; draws nothing and moves
 * no cursor. Lasts until the sources end, `quit`, or a signal. Resolves with the exit code.
 */
export async function speak(session: Session, io: Io): Promise<number> {
  const { monitor, settings } = session;
  const stallAfterMs = settings.stallAfter * 1000;
  const file = createEndingsFile(io.env, 'dismissed', io.clock);
  const seen = await createEndingsFile(io.env, 'seen', io.clock).load();
  let dismissals: Dismissals = await file.load();
  const quit = new AbortController();
  const context = (): SpeechContext => ({
    nowMs: io.clock.now(),
    stallAfterMs,
    estimate: monitor.estimate,
  });
  const listed = () => {
    const state = monitor.getState();
    return listedEntries(state, session).filter((entry) => !isDismissed(dismissals, state, entry));
  };
  const inbox = () => {
    const isSeen = isSeenIn(monitor.getState(), seen);
    const unsettled = listed().filter((entry) => !isSettled(entry, isSeen));
    return inboxOf(unsettled, { nowMs: io.clock.now(), stallAfterMs });
  };
  const tell = createLinePrinter(settings, io);

  const news = createNews(io, { monitor, listed, context, tell });

  const notifying = openNotifyingListener(session, io, () => dismissals);
  const closeToHooks = openToHooks(session, io);
  const commands = createTypedCommands({
    monitor,
    readOnly: settings.readOnly,
    listed,
    inbox,
    context,
    tell,
    quit: () => quit.abort(),
    signal: AbortSignal.any([io.signal, quit.signal]),
    dismiss(next) {
      dismissals = next(dismissals);
      void file.save(dismissals).then((problem) => problem && monitor.complain(problem));
    },
  });
  tell(...greetingSentences(listed(), inbox(), context()));
  if (io.stdin.isTTY) tell(HELP_HINT);
  news.tell();
  const unsubscribe = monitor.subscribe(news.gather);
  const take = (line: string) => {
    notifying?.onInput(ENTER); // a line means that somebody is there
    commands.take(line);
  };
  const stopListening = io.stdin.isTTY ? takeLines(io, take, () => quit.abort()) : () => {};
  await monitor.untilEnded(AbortSignal.any([io.signal, quit.signal]));
  stopListening();
  await Promise.all([closeToHooks(), notifying?.close()]);
  unsubscribe();
  news.tell();
  news.stop();
  return EXIT.ok;
}

/** Tells what has changed: at once, or together with what else changes within a moment. */
function createNews(
  io: Io,
  tools: {
    readonly monitor: Pick<Monitor, 'getState'>;
    readonly listed: () => readonly TaskEntry[];
    readonly context: () => SpeechContext;
    readonly tell: ReturnType<typeof createLinePrinter>;
  },
) {
  const speech = createSpeech();
  let stopTimer = () => {};
  let isGathering = false;

  const tell = unlessFarBehind(io.stdout, () => {
    const entries = tools.listed();
    const context = tools.context();
    tools.tell(...speech.next(tools.monitor.getState(), entries, context));
    stopTimer();
    const stallAt = nextStallAt(entries, context);
    stopTimer = stallAt === null ? () => {} : io.clock.after(stallAt - context.nowMs + 1, tell);
  });

  return {
    tell,
    gather() {
      if (isGathering) return;
      isGathering = true;
      io.clock.after(GATHER_MS, () => {
        isGathering = false;
        tell();
      });
    },
    stop: () => stopTimer(),
  };
}

const ENTER: InputEvent = { type: 'key', key: 'enter' };

/** Notifies as configured, except by the channels that need a screen. */
function openNotifyingListener(session: Session, io: Io, dismissals: () => Dismissals) {
  return openNotifying(session, io, {
    isPossible: ({ channel }) => channel !== 'title' && channel !== 'progress',
    dismissals: async () => dismissals(),
    mutes: createMutesFile(io.env, io.clock),
    onDelivery: ({ outcome }) => outcome.kind === 'failed' && session.monitor.complain(outcome.problem),
  });
}

/** Passes on each line that is typed in the terminal's own line mode; the returned function stops that. */
function takeLines(io: Io, take: (line: string) => void, end: () => void): () => void {
  const lines = createInterface({ input: io.stdin, terminal: false });
  lines.on('line', take).on('close', end);
  return () => {
    lines.removeListener('close', end);
    lines.close();
    io.stdin.pause();
  };
}
