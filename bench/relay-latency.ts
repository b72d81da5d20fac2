import type { Figure } from './figure.ts';
import { latencyFigures } from './file-latency.ts';
import { inScratchFolder, openTaskglass, pause, quit } from './program.ts';
import { createProvider, type Provider } from './provider.ts';

const EVENTS_PER_SECOND = 200;
const JOBS = 30;
/** One in this many events is about one of the marked jobs, in turn. */
const MARKED_SHARE = 40;
const MARKED_JOBS = ['Marked one', 'Marked two', 'Marked three'];
/** How far each marked job gets, in steps of one percent: a figure that the screen shows unchanged. */
const MARKED_PERCENT = 60;

/**
 * Measures the time from sending an event to the relay to the change on the screen, while the relay passes on 200 events a
 * second.
 */
export function measureRelayLatency(): Promise<Figure[]> {
  return inScratchFolder(async (folder) => {
    const relay = openTaskglass(folder, ['relay']);
    await relay.until(/ws:\S+\d/);
    const url = /ws:\S+\d/.exec(relay.screen())?.[0] ?? '';
    const provider = await createProvider(url);
    const marked = MARKED_JOBS.map((name) => provider.request(name));
    const others = Array.from({ length: JOBS }, (_, index) => provider.request(`Job number ${index}`));
    const terminal = openTaskglass(folder, [url, '--pubkey', provider.pubkey], { rows: 44 });
    await terminal.until('Marked three');
    await pause(2000);

    const load = loadOf(provider, others);
    const delays: number[] = [];
    for (let percent = 2; percent < MARKED_PERCENT; percent++) {
      for (const [index, job] of marked.entries()) {
        await pause((1000 * MARKED_SHARE) / EVENTS_PER_SECOND);
        const wanted = new RegExp(`${MARKED_JOBS[index]}.* ${percent}%`);
        const start = performance.now();
        provider.report(job, percent);
        delays.push((await terminal.until(wanted)) - start);
      }
    }
    load.stop();
    await quit(terminal);
    provider.close();
    relay.dispose();
    return latencyFigures(`relay event to glass at ${Math.round(load.rate())} events/s`, delays, {
      p90: 60,
      p99: 120,
    });
  });
}

/** Keeps the relay busy with progress of the other jobs. */
function loadOf(provider: Provider, jobs: readonly string[]) {
  const start = performance.now();
  let sent = 0;
  const seconds = () => (performance.now() - start) / 1000;
  const timer = setInterval(() => {
    while (sent < seconds() * EVENTS_PER_SECOND) {
      provider.report(jobs[sent % jobs.length] ?? '', Math.floor((sent / jobs.length) % 100));
      sent += 1;
    }
  }, 5);
  return { stop: () => clearInterval(timer), rate: () => sent / seconds() };
}
