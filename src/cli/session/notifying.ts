import { randomUUID } from 'node:crypto';
import type { InputEvent } from '../../input/event.ts';
import type { Io } from '../../io/io.ts';
import type { ModeSequences } from '../../io/mode-sequences.ts';
import { whoAsks } from '../../io/who-asks.ts';
import type { Problem } from '../../model/problem.ts';
import type { ChannelName, ChannelSpec } from '../../notify/channel-spec.ts';
import { createClaims } from '../../notify/claims.ts';
import type { MutesFile } from '../../notify/mutes-file.ts';
import { createNotifier, type Delivery, type OpenChannel } from '../../notify/notifier.ts';
import { modesOf, needsFocus, openChannels } from '../../notify/open-channels.ts';
import { createPresence } from '../../notify/presence.ts';
import { focusProblem } from '../../notify/terminal/hindrances.ts';
import { findTerminal, multiplexerOf } from '../../notify/terminal/known-terminal.ts';
import { createTerminalLink, type TerminalLink } from '../../notify/terminal/terminal-link.ts';
import type { Dismissals } from '../../store/dismissals.ts';
import { parseFilter } from '../../store/filter.ts';
import type { Settings } from '../config/settings.ts';
import { wantsAscii } from '../process/appearance.ts';
import type { Session } from './session.ts';

/** Notifies of a session's tasks, until it is closed. */
export interface Notifying {
  readonly modes: ModeSequences;
  /** Receives what somebody did at the terminal. */
  onInput(event: InputEvent): void;
  /** Resolves when pending notifications have been sent, or after a moment. */
  close(): Promise<void>;
}

/** How long pending notifications may take at the end. */
const LAST_WORDS_MS = 500;

/** Returns the terminal of this process, for the channels that write to it. */
export function ownTerminal(io: Io): TerminalLink {
  return createTerminalLink(io, () => findTerminal(io.env, io), multiplexerOf(io.env));
}

/** Opens channels for this process. */
export function openConfigured(
  specs: readonly ChannelSpec[],
  terminal: TerminalLink,
  io: Io,
  ascii: boolean,
) {
  return openChannels(specs, { io, terminal, ascii, by: whoAsks() });
}

/** What would block one channel; nothing if the list is empty. */
export interface ChannelCheck {
  /** The channel; or `focus`, for knowing whether somebody is looking. */
  readonly channel: ChannelName | 'focus';
  readonly problems: readonly Problem[];
}

/** Returns what would block the channels, or keep us from knowing whether somebody is looking. Sends nothing. */
export async function checkNotifications(
  specs: readonly ChannelSpec[],
  settings: Settings,
  io: Io,
): Promise<readonly ChannelCheck[]> {
  const terminal = ownTerminal(io);
  const channels = openConfigured(specs, terminal, io, wantsAscii(settings.ascii, io));
  const checks = channels.map(async ({ spec, channel }) => ({
    channel: spec.channel,
    problems: await channel.check(io.signal),
  }));
  const focus = await findFocusProblem(channels, terminal);
  return [
    ...(await Promise.all(checks)),
    ...(focus ? [{ channel: 'focus', problems: [focus] } as const] : []),
  ];
}

/**
 * Returns why it cannot be known whether somebody is looking at the terminal, if a channel depends on that; otherwise null.
 */
export async function findFocusProblem(
  channels: readonly OpenChannel[],
  terminal: TerminalLink,
): Promise<Problem | null> {
  if (terminal.isMute || !needsFocus(channels)) return null;
  return focusProblem(await terminal.known());
}

/** Starts to notify by the session's channels; returns null if there are none. */
export function openNotifying(
  session: Session,
  io: Io,
  given: {
    readonly dismissals: () => Promise<Dismissals>;
    readonly mutes: Pick<MutesFile, 'load'>;
    readonly onDelivery: (delivery: Delivery) => void;
    /** Tells whether a channel works here; by default, all do. */
    readonly isPossible?: (spec: ChannelSpec) => boolean;
  },
): (Notifying & { readonly channels: readonly OpenChannel[] }) | null {
  const { settings, monitor } = session;
  const specs = session.channels.filter(given.isPossible ?? (() => true));
  if (specs.length === 0) return null;
  const terminal = ownTerminal(io);
  const channels = openConfigured(specs, terminal, io, wantsAscii(settings.ascii, io));
  const presence = createPresence(io.clock);
  const notifier = createNotifier({
    monitor,
    clock: io.clock,
    channels,
    claims: createClaims({ env: io.env, clock: io.clock, holder: randomUUID() }),
    dwellMs: settings.notifyAfter * 1000,
    stallAfterMs: settings.stallAfter * 1000,
    isWatched: parseFilter(settings.filter),
    isLookedAt: () => presence.isLookedAt,
    async putAside() {
      const [dismissals, muted] = await Promise.all([given.dismissals(), given.mutes.load()]);
      return { dismissals, muted };
    },
    onDelivery: given.onDelivery,
  });
  return {
    channels,
    modes: modesOf(channels, terminal),
    onInput(event) {
      const wasLookedAt = presence.isLookedAt;
      presence.take(event);
      if (presence.isLookedAt && !wasLookedAt) notifier.onLook();
    },
    async close() {
      const giveUp = new AbortController();
      const stopTimer = io.clock.after(LAST_WORDS_MS, () => giveUp.abort());
      await notifier.close(giveUp.signal);
      stopTimer();
    },
  };
}
