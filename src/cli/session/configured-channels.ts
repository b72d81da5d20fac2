import { type Problem, problem } from '../../model/problem.ts';
import { plainName, words } from '../../model/text.ts';
import { BELL_EVENTS, type ChannelName, type ChannelSpec } from '../../notify/channel-spec.ts';
import type { Settings } from '../config/settings.ts';

/** Whether a channel runs a command, sends task names to an address, or writes to a place that its configuration names. */
const REACHES_OUT: Readonly<Record<ChannelName, boolean>> = {
  bell: false,
  osc: false,
  title: false,
  progress: false,
  desktop: false,
  exec: true,
  webhook: true,
  ntfy: true,
};

/**
 * Returns the channels that are configured, or why they are not allowed. Which commands run, and who is told about tasks, is
 * the user's own choice: a configuration that came with somebody's project must not make it. Nothing else may take channels
 * from the settings.
 */
export function configuredChannels({
  settings: { notify, bell },
  isNotifyForeign,
}: {
  readonly settings: Pick<Settings, 'notify' | 'bell'>;
  /** Whether somebody else wrote the file that names the channels. */
  readonly isNotifyForeign: boolean;
}): readonly ChannelSpec[] | Problem {
  const foreign = isNotifyForeign ? notify.find(({ channel }) => REACHES_OUT[channel]) : undefined;
  if (foreign) return refusalOf(foreign);
  const hasBell = notify.some(({ channel }) => channel === 'bell');
  return bell && !hasBell ? [...notify, { channel: 'bell', events: BELL_EVENTS, target: null }] : notify;
}

function refusalOf({ channel }: ChannelSpec): Problem {
  return problem(
    'not-allowed',
    'down',
    words`notify: ${plainName(channel)}: not allowed in a file given with --config`,
    'name it with --notify, or in your own configuration: taskglass config',
  );
}
