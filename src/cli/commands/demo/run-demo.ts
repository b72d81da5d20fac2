import { isFirstRoundOver, selectTaskToCancel, selectTaskToRetry } from '../../../demo/script.ts';
import { startDemo } from '../../../demo/start.ts';
import type { Io } from '../../../io/io.ts';
import { withoutWaitingForever } from '../../../io/output.ts';
import type { Task } from '../../../model/task.ts';
import type { Monitor } from '../../../monitor.ts';
import { allEntries } from '../../../store/state.ts';
import { isInteractive } from '../../process/appearance.ts';
import { EXIT, refuse } from '../../process/exit.ts';
import { configuredChannels } from '../../session/configured-channels.ts';
import { type CommandOptions, openWith, readSettings } from '../../session/session.ts';
import { type OutputOptions, show } from '../view/run-view.ts';

/** A silent task in the demo has to stall soon. */
const STALL_AFTER_S = 5;
/** Without a terminal, the demo ends after this time, however slow the machine is. */
const HEADLESS_LIMIT_MS = 45_000;

/** Shows the real view over an embedded relay and real workers on this machine. Resolves with the exit code. */
export async function runDemo(options: CommandOptions & OutputOptions, io: Io): Promise<number> {
  const { once, json, plain, color, inline, exitStatus, ...settingOptions } = options;
  const resolved = await readSettings({ stallAfter: STALL_AFTER_S, ...settingOptions, history: false }, io);
  if (resolved.kind === 'refused') return refuse(io, resolved.problem, EXIT.usage);
  const channels = configuredChannels(resolved);
  if ('message' in channels) return refuse(io, channels, EXIT.usage); // before a worker is started
  const isWatched = isInteractive(io) && !once && !json && !plain;
  const demo = await startDemo({ clock: io.clock, isEndless: isWatched });
  try {
    const places = [demo.relayUrl, demo.statePath, demo.breakdownPath];
    const opened = await openWith(resolved, places, io, { signer: demo.signer, notifies: true });
    if (opened.kind === 'refused') return refuse(io, opened.problem, EXIT.usage);
    const { session } = opened;
    try {
      return isWatched
        ? await show(session, options, io)
        : await show(session, options, { ...io, signal: playScript(session.monitor, io) });
    } finally {
      await withoutWaitingForever(session.close(), io.clock);
    }
  } finally {
    await demo.stop();
  }
}

/**
 * Sends one cancel and one retry, as somebody at the keyboard would. The returned signal aborts when the first round of work
 * is over, or has taken too long.
 */
function playScript(monitor: Monitor, io: Io): AbortSignal {
  const over = new AbortController();
  const sent = new Set<string>();
  const sendOnce = (command: 'cancel' | 'retry', task: Task | undefined) => {
    if (!task || sent.has(command)) return;
    sent.add(command);
    void monitor.send(task.id, command);
  };
  const stopTimer = io.clock.after(HEADLESS_LIMIT_MS, () => over.abort());
  const unsubscribe = monitor.subscribe(() => {
    const tasks = allEntries(monitor.getState()).map(({ task }) => task);
    sendOnce('cancel', selectTaskToCancel(tasks));
    sendOnce('retry', selectTaskToRetry(tasks));
    if (isFirstRoundOver(tasks)) over.abort();
  });
  over.signal.addEventListener('abort', () => {
    stopTimer();
    unsubscribe();
  });
  return AbortSignal.any([io.signal, over.signal]);
}
