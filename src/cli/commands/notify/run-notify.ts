import { sleep } from '../../../clock.ts';
import type { Io } from '../../../io/io.ts';
import { print, tellTerminal } from '../../../io/print.ts';
import { type Problem, problem, problemText } from '../../../model/problem.ts';
import { type PlainText, plainName, words } from '../../../model/text.ts';
import type { Channel } from '../../../notify/channel.ts';
import { type ChannelSpec, readChannelSpec, shownSpec } from '../../../notify/channel-spec.ts';
import { testNotification } from '../../../notify/notification.ts';
import type { OpenChannel } from '../../../notify/notifier.ts';
import { wantsAscii } from '../../process/appearance.ts';
import { EXIT, refuse } from '../../process/exit.ts';
import { configuredChannels } from '../../session/configured-channels.ts';
import { findFocusProblem, openConfigured, ownTerminal } from '../../session/notifying.ts';
import { outcomeText } from '../../session/outcome-text.ts';
import { type CommandOptions, readSettings } from '../../session/session.ts';

export interface NotifyTestOptions extends CommandOptions {
  readonly test?: boolean;
}

/** How long a title or a progress bar is shown. */
const SHOWN_MS = 2_000;

/** Sends a test through each channel, and prints the result and what would block it. Resolves with the exit code. */
export async function runNotify(
  channelTexts: readonly string[],
  { test, ...options }: NotifyTestOptions,
  io: Io,
): Promise<number> {
  if (!test) return refuse(io, NO_TEST, EXIT.usage);
  const resolved = await readSettings(options, io);
  if (resolved.kind === 'refused') return refuse(io, resolved.problem, EXIT.usage);
  const { settings } = resolved;
  const specs = channelTexts.length > 0 ? readChannels(channelTexts) : configuredChannels(resolved);
  if ('message' in specs) return refuse(io, specs, EXIT.usage);
  if (specs.length === 0) return refuse(io, NO_CHANNEL, EXIT.usage);
  const terminal = ownTerminal(io);
  const channels = openConfigured(specs, terminal, io, wantsAscii(settings.ascii, io));
  let isAllWell = true;
  for (const each of channels) isAllWell = (await tryChannel(each, io)) && isAllWell;
  const focus = await findFocusProblem(channels, terminal);
  if (focus) print(io, words`${problemText(focus)}`);
  return isAllWell ? EXIT.ok : EXIT.faulty;
}

const NO_TEST = problem(
  'malformed',
  'down',
  'notify: there is nothing to do without --test',
  'taskglass notify --test',
);
const NO_CHANNEL = problem(
  'malformed',
  'down',
  'notify: no channel is configured, and none is named',
  'name some: taskglass notify --test bell osc desktop; docs/notifications.md lists them all',
);

function readChannels(texts: readonly string[]): readonly ChannelSpec[] | Problem {
  const specs: ChannelSpec[] = [];
  for (const text of texts) {
    const reading = readChannelSpec(text);
    if ('wrong' in reading)
      return problem('malformed', 'down', words`notify: a channel ${plainName(reading.wrong)}`);
    specs.push(reading.spec);
  }
  return specs;
}

/** Tests a channel; resolves with whether anything blocks it, as far as that can be known. */
async function tryChannel({ spec, channel }: OpenChannel, io: Io): Promise<boolean> {
  const problems = await channel.check(io.signal);
  const isBlocked = problems.some(({ severity }) => severity === 'down');
  const result = isBlocked ? { text: words`not sent`, isWell: false } : await send(channel, io);
  print(io, words`${plainName(shownSpec(spec))}: ${result.text}`);
  print(io, ...problems.map((each) => words`  ${problemText(each)}`));
  return result.isWell;
}

async function send(
  channel: Channel,
  io: Io,
): Promise<{ readonly text: PlainText; readonly isWell: boolean }> {
  if (channel.tell) {
    const outcome = await channel.tell(testNotification(io.clock.now()), io.signal);
    const text =
      outcome.kind === 'sent' ? words`sent; only you can see whether it arrived` : outcomeText(outcome);
    return { text, isWell: outcome.kind !== 'failed' };
  }
  await showForAWhile(channel, io);
  return { text: words`shown for ${SHOWN_MS / 1000} s`, isWell: true };
}

async function showForAWhile({ modes, show }: Channel, io: Io): Promise<void> {
  const giveBack = () => tellTerminal(io, modes?.leave() ?? '');
  process.once('exit', giveBack);
  tellTerminal(io, modes?.enter() ?? '');
  show?.({ needsYou: 0, failed: 0, running: 1, progress: 50, isUnderWay: true, hasFailed: false });
  await sleep(io.clock, SHOWN_MS, io.signal);
  process.off('exit', giveBack);
  giveBack();
}
