import type { Io } from '../io/io.ts';
import type { ModeSequences } from '../io/mode-sequences.ts';
import type { Channel } from './channel.ts';
import type { ChannelName, ChannelSpec } from './channel-spec.ts';
import { createBell } from './channels/bell.ts';
import { createDesktop } from './channels/desktop.ts';
import { createExec } from './channels/exec.ts';
import { createNtfy, ntfyTopic } from './channels/ntfy.ts';
import { createOsc } from './channels/osc.ts';
import { createProgress } from './channels/progress.ts';
import { createTitle } from './channels/title.ts';
import { createWebhook } from './channels/webhook.ts';
import type { OpenChannel } from './notifier.ts';
import { createPoster } from './post.ts';
import { OSC_PROTOCOLS } from './terminal/known-terminal.ts';
import type { TerminalLink } from './terminal/terminal-link.ts';

/** What the channels need. */
export interface ChannelContext {
  readonly io: Pick<Io, 'env' | 'cwd' | 'clock'>;
  readonly terminal: TerminalLink;
  readonly ascii: boolean;
  /** `user@host`, for recipients on other machines. */
  readonly by: string;
}

const OPEN: Readonly<Record<ChannelName, (spec: ChannelSpec, context: ChannelContext) => Channel>> = {
  bell: (_spec, { terminal }) => createBell(terminal),
  osc: ({ target }, { terminal }) =>
    createOsc(terminal, OSC_PROTOCOLS.find((known) => known === target) ?? null),
  title: (_spec, { terminal, ascii }) => createTitle(terminal, ascii),
  progress: (_spec, { terminal, io }) => createProgress(terminal, io.clock),
  desktop: (_spec, { io }) => createDesktop(io),
  exec: ({ command = '' }, { io, by }) => createExec(command, { ...io, by }),
  webhook: ({ target, headers = {} }, { io, by }) =>
    createWebhook(createPoster('webhook', { url: target ?? '', headers }, io), by),
  ntfy({ target, headers = {}, token }, { io }) {
    const { topic, ...rest } = ntfyTopic(target ?? '', headers, token ?? io.env.TASKGLASS_NTFY_TOKEN);
    return createNtfy(createPoster('ntfy', rest, io), topic);
  },
};

export function openChannels(specs: readonly ChannelSpec[], context: ChannelContext): OpenChannel[] {
  return specs.map((spec) => ({ spec, channel: OPEN[spec.channel](spec, context) }));
}

/** Tells whether a channel has to know whether somebody is looking at the terminal. */
export function needsFocus(channels: readonly OpenChannel[]): boolean {
  return channels.some(({ channel }) => channel.tell);
}

const FOCUS_ON = '\u001b[?1004h';
const FOCUS_OFF = '\u001b[?1004l';

/**
 * Returns what is written to the terminal for these channels: it is asked for its focus only if one of them sends
 * notifications.
 */
export function modesOf(channels: readonly OpenChannel[], terminal: TerminalLink): ModeSequences {
  const modes = channels.flatMap(({ channel }) => channel.modes ?? []);
  const asksFocus = !terminal.isMute && needsFocus(channels);
  return {
    enter: () => `${modes.map((each) => each.enter()).join('')}${asksFocus ? FOCUS_ON : ''}`,
    leave: () => `${asksFocus ? FOCUS_OFF : ''}${modes.map((each) => each.leave()).join('')}`,
  };
}
