import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { NostrEvent } from 'nostr-tools/pure';
import { bytesToHex } from 'nostr-tools/utils';
import { sleep, systemClock } from '../../src/clock.ts';
import { createRelay } from '../../src/relay/create-relay.ts';
import { connectRaw, createAuthor } from '../relay/raw-client.ts';
import { temporaryDirectory } from './temporary-directory.ts';

/** What happened to jobs whose provider was killed again and again. Each of the three counts must be 0. */
export interface CrashFigures {
  readonly kills: number;
  readonly jobs: number;
  /** Ends that the relay knows of while it has another end or result for the job. */
  readonly duplicates: number;
  /** Jobs without an end. */
  readonly lost: number;
  /** Starts of the provider that could not read what the last one left. */
  readonly torn: number;
}

const KIND = 5150;
const JOBS_PER_KILL = 2;
/** The relay goes away for a while from time to time, so that events have to wait in the outbox. */
const OUTAGE_EVERY = 4;

/**
 * Kills a provider at random moments (`random`: 0–1) while jobs keep arriving and the relay goes away from time to time; then
 * lets it finish. Each process writes results of its own, so a job that was done twice is noticed.
 */
export async function runCrashTrial(options: { kills: number; random: () => number }): Promise<CrashFigures> {
  const { kills, random } = options;
  await using directory = await temporaryDirectory();
  const requester = createAuthor();
  const settings = {
    statePath: directory.file('state.db'),
    secretKey: bytesToHex(createAuthor().secret),
    kind: KIND,
  };
  let relay = await createRelay({ clock: systemClock });
  const url = relay.url;
  /** By id, because the relay forgets while it is away. */
  const seen = new Map<string, NostrEvent>();
  const requests: NostrEvent[] = [];
  let torn = 0;

  async function watch() {
    const watcher = await connectRaw(url);
    watcher.socket.on('message', (data) => {
      const [verb, , event] = JSON.parse(String(data));
      if (verb === 'EVENT') seen.set(event.id, event);
    });
    await watcher.request('all', { kinds: [7000, KIND + 1000] });
    for (const request of requests) await watcher.publish(request);
    return watcher;
  }

  let watcher = await watch();
  for (let kill = 0; kill < kills; kill += 1) {
    for (let n = 0; n < JOBS_PER_KILL; n += 1) {
      const request = requester.sign({ kind: KIND, content: `job ${kill}.${n}` });
      requests.push(request);
      await watcher.publish(request);
    }
    const worker = startWorker({ ...settings, relayUrl: url });
    const isOutage = kill % OUTAGE_EVERY === OUTAGE_EVERY - 1;
    if (isOutage) {
      await sleep(systemClock, random() * 300);
      await relay.close();
    }
    await sleep(systemClock, random() * 600);
    torn += await killWorker(worker);
    if (isOutage) {
      relay = await createRelay({ clock: systemClock, port: relay.port });
      watcher = await watch();
    }
  }

  const worker = startWorker({ ...settings, relayUrl: url });
  const unended = () => requests.filter((request) => endsOf(request, seen).size === 0);
  const giveUpAt = Date.now() + 60_000;
  while (unended().length > 0 && Date.now() < giveUpAt) await sleep(systemClock, 50);
  torn += await killWorker(worker);
  watcher.close();
  await relay.close();

  return {
    kills,
    jobs: requests.length,
    lost: unended().length,
    duplicates: requests.filter(
      (request) => endsOf(request, seen).size > 1 || resultsOf(request, seen).size > 1,
    ).length,
    torn,
  };
}

function startWorker(settings: object): ChildProcess {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'tracker-crash-worker.ts')], {
    stdio: ['pipe', 'ignore', 'pipe'],
  });
  child.stdin?.end(JSON.stringify(settings));
  return child;
}

/** Returns 1 if it had ended by itself, or printed an error. */
async function killWorker(child: ChildProcess): Promise<number> {
  const complaints: Buffer[] = [];
  child.stderr?.on('data', (chunk) => complaints.push(chunk));
  const hasEnded = child.exitCode !== null;
  if (!hasEnded) {
    child.kill('SIGKILL');
    await once(child, 'close');
  }
  const words = Buffer.concat(complaints).toString();
  if (words !== '') process.stderr.write(words);
  return hasEnded || words !== '' ? 1 : 0;
}

function endsOf(request: NostrEvent, seen: ReadonlyMap<string, NostrEvent>): Set<string> {
  const ends = [...seen.values()].filter(
    ({ kind, tags }) =>
      kind === 7000 &&
      tags[0]?.[1] === request.id &&
      ['completed', 'failed', 'cancelled'].includes(tags.find(([name]) => name === 'status')?.[2] ?? ''),
  );
  return new Set(ends.map(({ id }) => id));
}

function resultsOf(request: NostrEvent, seen: ReadonlyMap<string, NostrEvent>): Set<string> {
  const results = [...seen.values()].filter(
    ({ kind, tags }) => kind === KIND + 1000 && tags.some(([name, id]) => name === 'e' && id === request.id),
  );
  return new Set(results.map(({ id }) => id));
}
