import { joined, words } from '../../../../model/text.ts';
import { configuredChannels } from '../../../session/configured-channels.ts';
import { type ChannelCheck, checkNotifications } from '../../../session/notifying.ts';
import { readSettings } from '../../../session/session.ts';
import { type Check, type Finding, ok, trouble, warning } from '../check.ts';

/** Channels that write to the terminal of the view. */
const ON_THE_TERMINAL: ReadonlySet<ChannelCheck['channel']> = new Set([
  'bell',
  'osc',
  'title',
  'progress',
  'focus',
]);

/** What would block the configured notifications. Nothing is sent. */
export const notifications: Check = {
  name: 'notifications',
  async look({ io, options, signal }) {
    const resolved = await readSettings(options, io);
    if (resolved.kind === 'refused') return []; // the configuration's check reports it
    const channels = configuredChannels(resolved);
    if ('message' in channels)
      return [trouble(channels.message, channels.hint ?? words`docs/notifications.md`)];
    const inTime = { ...io, signal: AbortSignal.any([io.signal, signal]) };
    const checks = await checkNotifications(channels, resolved.settings, inTime);
    if (checks.length === 0) return [ok(words`none are configured`)];
    const findings = checks.flatMap((check) => findingsOf(check, io.stdout.isTTY === true));
    const well = checks.filter(({ problems }) => problems.length === 0).map(({ channel }) => channel);
    if (well.length === 0) return findings;
    return [
      ok(words`nothing stands in the way of ${joined(well, ', ')}; taskglass notify --test tries it`),
      ...findings,
    ];
  },
};

function findingsOf({ channel, problems }: ChannelCheck, hasTerminal: boolean): Finding[] {
  if (!hasTerminal && problems.length > 0 && ON_THE_TERMINAL.has(channel))
    return [ok(words`${channel} is for a terminal, which standard output is not here`)];
  return problems.map(({ severity, message, hint = words`docs/notifications.md` }) =>
    severity === 'down' ? trouble(message, hint) : warning(message, hint),
  );
}
