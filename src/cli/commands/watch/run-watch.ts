import { sleep, untilAborted } from '../../../clock.ts';
import type { Io } from '../../../io/io.ts';
import { print, say } from '../../../io/print.ts';
import { problem } from '../../../model/problem.ts';
import { joined, type PlainText, plainName, words } from '../../../model/text.ts';
import { type ChannelSpec, shownSpec } from '../../../notify/channel-spec.ts';
import { createMutesFile } from '../../../notify/mutes-file.ts';
import type { Delivery } from '../../../notify/notifier.ts';
import { createEndingsFile } from '../../config/endings-file.ts';
import { complain, EXIT, refuse } from '../../process/exit.ts';
import { openNotifying } from '../../session/notifying.ts';
import { outcomeText } from '../../session/outcome-text.ts';
import { type CommandOptions, type Session, warnIfEmpty, withSession } from '../../session/session.ts';

/** How long the last notifications may take, beyond the dwell, once the last source has ended. */
const LAST_WORDS_MS = 1_000;

/**
 * Notifies without a screen, and prints a line for each notification, until the signal aborts or the named sources have
 * ended. Resolves with the exit code.
 */
export async function runWatch(
  sourceTexts: readonly string[],
  options: CommandOptions,
  io: Io,
): Promise<number> {
  const work = (session: Session) => watch(session, sourceTexts, io);
  return withSession(sourceTexts, options, io, work, { follows: true, awaitsRuns: true, notifies: true });
}

async function watch(session: Session, sourceTexts: readonly string[], io: Io): Promise<number> {
  const { settings, monitor } = session;
  const notifying = openNotifying(session, io, {
    isPossible: (spec) => isPossible(spec, io),
    dismissals: createEndingsFile(io.env, 'dismissed', io.clock).load,
    mutes: createMutesFile(io.env, io.clock),
    onDelivery: (delivery) => print(io, deliveryLine(delivery)),
  });
  if (!notifying) return refuse(io, NOBODY, EXIT.usage);
  warnIfEmpty(session, io);
  const shown = joined(
    notifying.channels.map(({ spec }) => plainName(shownSpec(spec))),
    ', ',
  );
  say(io, words`taskglass: watching, to notify by ${shown}`);
  if (sourceTexts.length === 0) await untilAborted(io.signal);
  else await monitor.untilEnded(io.signal);
  await sleep(io.clock, settings.notifyAfter * 1000 + LAST_WORDS_MS, io.signal);
  await notifying.close();
  return EXIT.ok;
}

const NOBODY = problem(
  'malformed',
  'down',
  'watch: nobody would be notified',
  'say how: taskglass watch --notify ntfy:TOPIC; docs/notifications.md lists all ways',
);

/**
 * Tells whether a channel works without a screen. Title and bar need one; bell and osc need a terminal. Reports what does
 * not.
 */
function isPossible(spec: ChannelSpec, io: Io): boolean {
  const { channel } = spec;
  const isOfScreen = channel === 'title' || channel === 'progress';
  const isOfTerminal = channel === 'bell' || channel === 'osc';
  if (!isOfScreen && (!isOfTerminal || io.stdout.isTTY)) return true;
  const needs = isOfScreen ? words`the view` : words`a terminal`;
  complain(io, problem('missing', 'degraded', words`watch: ${channel} needs ${needs}: left out`));
  return false;
}

/** Returns `2026-11-30T10:00:00.000Z ntfy:builds arrived: Deploy needs input · which region?`. */
function deliveryLine({ spec, notification, outcome }: Delivery): PlainText {
  const { at, title, text } = notification;
  const stamp = plainName(new Date(at).toISOString());
  const told = joined([title, text].filter(Boolean), ' · ');
  return words`${stamp} ${plainName(shownSpec(spec))} ${outcomeText(outcome)}: ${told}`;
}
