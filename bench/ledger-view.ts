import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { systemClock } from '../src/clock.ts';
import { TaskTrackingService } from '../src/ledger/service.ts';
import { sourceId } from '../src/model/id.ts';
import { createLedgerSource } from '../src/sources/ledger/source.ts';
import { type Figure, median, percentile, short } from './figure.ts';
import { inScratchFolder, openTaskglass, pause, quit } from './program.ts';

const TASKS = 100_000;
const ROUNDS = 5;
const CHANGES = 100;
/** The first of them, so that it is on the page that is shown. */
const WATCHED = 't000000';

/** The columns that the view reads for each task, in one piece. */
const SELECT = `
  SELECT d.id, d.name, d.description, d.job, d.module, d.priority, d.document ->> '$.labels' AS labels, s.run, s.status,
    s.attempt, s.job_run AS jobRun, s.progress, s.steps, s.result, s.error, s.verified_at AS verifiedAt,
    s.is_forced AS isForced, s.claim IS NOT NULL AS isClaimed, s.created_at AS createdAt, s.started_at AS startedAt,
    s.ended_at AS endedAt, s.updated_at AS updatedAt
  FROM task_definitions d JOIN task_statuses s ON s.task = d.id AND s.is_current = 1 ORDER BY d.id`;

/** Measures what a ledger of a hundred thousand tasks costs somebody who looks at it. */
export function measureLedgerView(): Promise<Figure[]> {
  return inScratchFolder(async (folder) => {
    const path = join(folder, 'ledger.db');
    const ledger = await TaskTrackingService.open({ path });
    await ledger.register(manyDefinitions());
    await ledger.start(WATCHED);
    const figures = [await measureOpening(path), await measureChanges(folder, ledger)];
    await ledger.close();
    return figures;
  });
}

function manyDefinitions() {
  const idOf = (number: number) => `t${String(number).padStart(6, '0')}`;
  return Array.from({ length: TASKS }, (_, number) => ({
    id: idOf(number),
    name: `Task number ${number}`,
    job: `Job ${number % 50}`,
    module: 'core',
    priority: number % 10,
    dependencies: number % 10 === 9 ? [idOf(number - 1)] : [],
  }));
}

async function measureOpening(path: string): Promise<Figure> {
  const rounds = Array.from({ length: ROUNDS });
  const selects: number[] = [];
  const openings: number[] = [];
  for (const _ of rounds) {
    selects.push(timed(() => selectAll(path)));
    openings.push(await timeToSnapshot(path));
  }
  const [bare, ours] = [median(selects), median(openings)];
  return {
    what: '100,000 tasks: open to snapshot, against the bare SELECT',
    measured: `${short(ours / bare)}× (${short(ours)} ms against ${short(bare)} ms)`,
    value: ours / bare,
    bound: 2,
    unit: '×',
  };
}

function selectAll(path: string): void {
  const database = new DatabaseSync(path, { readOnly: true });
  if (database.prepare(SELECT).all().length !== TASKS) throw new Error('not all tasks were there');
  database.close();
}

async function timeToSnapshot(path: string): Promise<number> {
  const start = performance.now();
  const stopping = new AbortController();
  const source = createLedgerSource({ id: sourceId('ledger'), path, clock: systemClock });
  let took = Number.NaN;
  for await (const event of source.events({ signal: stopping.signal })) {
    if (event.type !== 'snapshot') continue;
    took = performance.now() - start;
    if (event.tasks.length !== TASKS) throw new Error('not all tasks were shown');
    stopping.abort();
  }
  return took;
}

/** Measures the time from just before a change is requested from the ledger until its words are on the screen. */
async function measureChanges(folder: string, ledger: TaskTrackingService): Promise<Figure> {
  const terminal = openTaskglass(folder, ['ledger.db']);
  await terminal.until('Task number 0');
  await pause(2_000);
  const delays: number[] = [];
  for (let change = 0; change < CHANGES; change += 1) {
    const marker = `Marker ${change} `;
    const start = performance.now();
    await ledger.update(WATCHED, { name: marker });
    delays.push((await terminal.until(marker.trim())) - start);
    await pause(100 + Math.random() * 100);
  }
  await quit(terminal);
  const [p50, p95] = [percentile(delays, 50), percentile(delays, 95)];
  return {
    what: '100,000 tasks: a change in the ledger to glass, p95',
    measured: `p50 ${short(p50)}, p95 ${short(p95)} ms (${CHANGES} times)`,
    value: p95,
    bound: 150,
    unit: ' ms',
  };
}

function timed(work: () => void): number {
  const start = performance.now();
  work();
  return performance.now() - start;
}
