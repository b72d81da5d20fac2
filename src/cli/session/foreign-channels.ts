import { type Problem, problem } from '../../model/problem.ts';
import { plainName, words } from '../../model/text.ts';
import type { ChannelName } from '../../notify/channel-spec.ts';
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
 * Returns why the configured notifications are not allowed; null if they are. Which commands run, and who is told about
 * tasks, is the user's own choice: a configuration that came with somebody's project must not make it.
 */
export function refuseForeignChannels({ notify }: Settings, isForeign: boolean): Problem | null {
  const spec = isForeign ? notify.find(({ channel }) => REACHES_OUT[channel]) : undefined;
  if (!spec) return null;
  return problem(
    'not-allowed',
    'down',
    words`notify: ${plainName(spec.channel)}: not allowed in a file given with --config`,
    'name it with --notify, or in your own configuration: taskglass config',
  );
}
