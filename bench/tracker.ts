import { generateSecretKey } from 'nostr-tools/pure';
import { sleep, systemClock } from '../src/clock.ts';
import { createSigner } from '../src/nostr/signer.ts';
import { TaskStatusTracker } from '../src/publish/nostr/tracker.ts';
import { createRelay } from '../src/relay/create-relay.ts';
import { runCrashTrial } from '../test/helpers/tracker-crash.ts';
import { connectRaw, createAuthor } from '../test/relay/raw-client.ts';
import { type Figure, short } from './figure.ts';

const CALLS_PER_SECOND = 5_000;
const SECONDS = 10;
const INTERVAL_MS = 5_000;

/** Measures what a tracker costs a worker that reports far more often than anyone needs. */
export async function measureTracker(): Promise<Figure[]> {
  const relay = await createRelay({ clock: systemClock });
  const watcher = await connectRaw(relay.url);
  await watcher.request('feedback', { kinds: [7000] });
  const tracker = new TaskStatusTracker({
    relays: [relay.url],
    signer: createSigner(generateSecretKey()),
    updateIntervalMs: INTERVAL_MS,
  });
  const job = await tracker.track(createAuthor().sign({ kind: 5100 }));
  await job?.move('processing');
  await sleep(systemClock, 500);

  const before = process.cpuUsage();
  const start = performance.now();
  let calls = 0;
  while (performance.now() - start < SECONDS * 1000) {
    const due = ((performance.now() - start) / 1000) * CALLS_PER_SECOND;
    for (; calls < due; calls += 1)
      job?.progress((calls / (SECONDS * CALLS_PER_SECOND)) * 100, { etaMs: 1_000 });
    await sleep(systemClock, 5);
  }
  const { user, system } = process.cpuUsage(before);
  const share = ((user + system) / 1e6 / ((performance.now() - start) / 1000)) * 100;
  const events = watcher.events('feedback').length - 1;
  await tracker.close();
  await relay.close();
  return [
    {
      what: `tracker: ${CALLS_PER_SECOND} progress calls a second`,
      measured: `${short(share)} % of one core, the relay in the same process`,
      value: share,
      bound: 10,
      unit: ' %',
    },
    {
      what: `tracker: events in ${SECONDS} s at one in ${INTERVAL_MS / 1000} s`,
      measured: `${events} for ${calls} calls`,
      value: events,
      bound: (SECONDS * 1000) / INTERVAL_MS,
      unit: '',
    },
  ];
}

const KILLS = 200;

/** Kills a provider (`kill -9`) at random moments. */
export async function measureCrashes(): Promise<Figure[]> {
  const { kills, jobs, lost, duplicates, torn } = await runCrashTrial({ kills: KILLS, random: Math.random });
  const figure = (what: string, value: number): Figure => ({
    what: `${kills} kill -9: ${what}`,
    measured: `${value} of ${jobs} jobs`,
    value,
    bound: 0,
    unit: '',
  });
  return [figure('ends lost', lost), figure('ends told twice', duplicates), figure('torn state', torn)];
}
