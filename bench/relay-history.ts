import { readFileSync } from 'node:fs';
import type { Event } from 'nostr-tools/core';
import { type Filter, matchFilter } from 'nostr-tools/filter';
import { initNostrWasm } from 'nostr-wasm';
import { type Behaviour, startStubRelay, wellBehaved } from '../test/helpers/stub-relay.ts';
import { type Figure, median, short } from './figure.ts';
import { inScratchFolder, openTaskglass, quit } from './program.ts';

const JOBS = 600;
const EVENTS_PER_JOB = 20;
const LARGEST_PAGE = 500;
const RUNS = 3;
const MIB = 1024 * 1024;

/**
 * Measures a relay with the history of a day: how long it takes until all of it is verified and shown, compared with one core
 * that does nothing but verify; and the most memory that the view used.
 */
export async function measureRelayHistory(): Promise<Figure[]> {
  const wasm = await initNostrWasm();
  const events = signedHistory(wasm);
  const runs: { ratio: number; peakBytes: number; shownMs: number; bareMs: number }[] = [];
  for (let run = 0; run < RUNS; run++) {
    const bareMs = timed(() => {
      for (const event of events) wasm.verifyEvent(event);
    });
    const { shownMs, peakBytes } = await untilShown(events);
    runs.push({ ratio: shownMs / bareMs, peakBytes, shownMs, bareMs });
  }
  const [ratio, peak] = [
    median(runs.map((run) => run.ratio)),
    median(runs.map(({ peakBytes }) => peakBytes)) / MIB,
  ];
  const { shownMs, bareMs } = runs.find((run) => run.ratio === ratio) ?? { shownMs: 0, bareMs: 0 };
  return [
    {
      what: `${events.length} events of ${JOBS} jobs from a relay, verified and shown, beside one core that verifies`,
      measured: `${short(ratio)}× its time (${Math.round(shownMs)} against ${Math.round(bareMs)} ms)`,
      value: ratio,
      bound: 1 / 1.1,
      unit: '×',
    },
    {
      what: 'memory at its highest',
      measured: `${Math.round(peak)} MiB`,
      value: peak,
      bound: 200,
      unit: ' MiB',
    },
  ];
}

/** Measures the time from the first request to the relay to the last job on the screen. */
function untilShown(events: readonly Event[]): Promise<{ shownMs: number; peakBytes: number }> {
  return inScratchFolder(async (folder) => {
    let askedAt = Number.NaN;
    const serve = servingQuickly(events);
    await using relay = await startStubRelay({
      behave(message, say) {
        if (message[0] === 'REQ' && Number.isNaN(askedAt)) askedAt = performance.now();
        serve(message, say);
      },
    });
    const terminal = openTaskglass(folder, [relay.url]);
    const shownAt = await terminal.until(new RegExp(`\\b${JOBS} running`), 60_000);
    const status = readFileSync(`/proc/${terminal.pid}/status`, 'utf8');
    const peakBytes = Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1]) * 1024;
    await quit(terminal);
    return { shownMs: shownAt - askedAt, peakBytes };
  });
}

function signedHistory(wasm: Awaited<ReturnType<typeof initNostrWasm>>): Event[] {
  const [requester, provider] = [signerWith(wasm), signerWith(wasm)];
  const anHourAgo = Math.floor(Date.now() / 1000) - 3600;
  return Array.from({ length: JOBS }, (_, job) => {
    const request = requester.sign({
      kind: 5100,
      created_at: anHourAgo + job,
      tags: [],
      content: `Job ${job}`,
    });
    const reports = Array.from({ length: EVENTS_PER_JOB - 1 }, (_, index) =>
      provider.sign({
        kind: 7000,
        created_at: anHourAgo + job + 2 * index + 2,
        content: 'working on it',
        tags: [
          ['e', request.id],
          ['p', requester.pubkey],
          ['status', 'processing'],
          ['progress', String(5 * index)],
          ['eta', String(60 - index)],
        ],
      }),
    );
    return [request, ...reports];
  }).flat();
}

function signerWith(wasm: Awaited<ReturnType<typeof initNostrWasm>>) {
  const secretKey = wasm.generateSecretKey();
  const pubkey = Buffer.from(wasm.getPublicKey(secretKey)).toString('hex');
  return {
    pubkey,
    sign(draft: Omit<Event, 'id' | 'sig' | 'pubkey'>): Event {
      const event = { ...draft, pubkey } as Event;
      wasm.finalizeEvent(event, secretKey);
      return event;
    },
  };
}

/** Serves like a relay with an index: what is measured must not wait for it. */
function servingQuickly(events: readonly Event[]): Behaviour {
  const newestFirst = events.toSorted((a, b) => b.created_at - a.created_at || (a.id < b.id ? -1 : 1));
  const byId = new Map(events.map((event) => [event.id, event]));
  const byTarget = Map.groupBy(newestFirst, ({ tags }) => tags[0]?.[1] ?? '');
  const candidates = (filter: Filter) => {
    if (filter.ids) return filter.ids.flatMap((id) => byId.get(id) ?? []);
    return filter['#e']?.flatMap((id) => byTarget.get(id) ?? []) ?? newestFirst;
  };
  return ([type, first, ...filters], say) => {
    if (type !== 'REQ') return wellBehaved([type, first], say);
    for (const filter of filters as Filter[]) {
      let left = Math.min(filter.limit ?? LARGEST_PAGE, LARGEST_PAGE);
      for (const event of candidates(filter)) {
        if (left === 0) break;
        if (!matchFilter(filter, event)) continue;
        say(['EVENT', first, event]);
        left -= 1;
      }
    }
    say(['EOSE', first]);
  };
}

function timed(work: () => void): number {
  const start = performance.now();
  work();
  return performance.now() - start;
}
