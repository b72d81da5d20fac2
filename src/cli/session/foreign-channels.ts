import { type Problem, problem } from '../../model/problem.ts';
import { plainName, words } from '../../model/text.ts';
import type { ChannelName } from '../../notify/channel-spec.ts';
import type { Settings } from '../config/settings.ts';

/** Whether a channel runs a command, sends what tasks are called to an address, or writes where its configuration says. */
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
 * Returns why nobody may be notified as configured; null if that is fine. What is run, and who hears of tasks, is the user's own
 * choice: a configuration that came with somebody's project must not choose it.
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
