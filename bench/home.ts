import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { SnapshotDocument } from '../src/model/document.ts';
import { openTerminal, type Terminal } from '../test/helpers/terminal.ts';
import { type Figure, median, percentile, short } from './figure.ts';
import { boxName, HOME_SIZES, makeHome, writeChecklist } from './home-files.ts';
import { BIN, inScratchFolder, openTaskglass, pause, quit, watch } from './program.ts';

const ROUNDS = 7;
const SCREEN = { rows: 60, cols: 120 };
/** By then, temporary messages have gone. */
const SETTLE_MS = 15_000;
const WATCHED_S = 20;
/** How many checklists are being worked on, in turn. */
const ACTIVE = 20;
const TICKS = 8;

/** Measures what a plain `taskglass` costs in a home with sessions, rollouts, checklists and issues. */
export function measureHome(): Promise<Figure[]> {
  return inScratchFolder(async (home) => {
    makeHome(home, Date.now());
    const counts = countsAt(home);
    return [...(await measureOpening(home, counts)), ...(await measureOpen(home, counts))];
  });
}

/** Returns the header's counts for this home: `400 queued`. */
function countsAt(home: string): string[] {
  for (;;) {
    const { counts, sources } = snapshotOf(home);
    const isWhole = sources.filter(({ kind }) => kind === 'checklist').length === HOME_SIZES.checklists;
    if (!isWhole) continue; // the machine is busy with something else
    const kinds = new Set(sources.map(({ kind }) => kind));
    console.error(`found: ${[...kinds].join(', ')}; ${sources.length} sources, ${JSON.stringify(counts)}`);
    return Object.entries(counts)
      .filter(([status, count]) => count > 0 && status !== 'review' && status !== 'completed')
      .map(([status, count]) => `${count} ${status.replace('-', ' ')}`);
  }
}

function snapshotOf(home: string): ReturnType<typeof SnapshotDocument.parse> {
  const { stdout, stderr } = spawnSync(process.execPath, [BIN, '--once', '--json', '--wait', '20'], {
    cwd: home,
    env: { HOME: home, PATH: process.env.PATH },
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  if (stdout === '') throw new Error(`nothing was found: ${stderr}`);
  return SnapshotDocument.parse(JSON.parse(stdout));
}

async function measureOpening(home: string, counts: readonly string[]): Promise<Figure[]> {
  const bare: number[] = [];
  const first: number[] = [];
  const whole: number[] = [];
  for (let round = 0; round <= ROUNDS; round += 1) {
    const node = await bareNodeMs();
    const start = performance.now();
    const terminal = openTaskglass(home, [], SCREEN);
    const firstMs = (await terminal.until('taskglass')) - start;
    const wholeMs = (await untilAll(terminal, counts)) - start;
    await quit(terminal);
    if (round === 0) continue; // fills the compile cache
    bare.push(node);
    first.push(firstMs);
    whole.push(wholeMs);
  }
  const what = `a home with ${HOME_SIZES.checklists} checklists, ${HOME_SIZES.sessions} sessions`;
  const ratio = median(first) / median(bare);
  const ms = `${short(median(first))} ms against ${short(median(bare))} ms`;
  return [
    {
      what: `${what}: first frame`,
      measured: `${short(ratio)}× bare node (${ms})`,
      value: ratio,
      bound: 7,
      unit: '×',
    },
    {
      what: 'the same: everything is there',
      measured: `${short(median(whole))} ms`,
      value: median(whole),
      bound: 2_000,
      unit: ' ms',
    },
  ];
}

async function bareNodeMs(): Promise<number> {
  const start = performance.now();
  const terminal = openTerminal(process.execPath, ['-e', '0']);
  await terminal.exitCode;
  terminal.dispose();
  return performance.now() - start;
}

async function untilAll(terminal: Terminal, texts: readonly string[]): Promise<number> {
  let at = 0;
  for (const text of texts) at = Math.max(at, await terminal.until(text));
  return at;
}

async function measureOpen(home: string, counts: readonly string[]): Promise<Figure[]> {
  const terminal = openTaskglass(home, [], SCREEN);
  await untilAll(terminal, counts);
  await pause(SETTLE_MS);
  const { bytesPerSecond, cpuPercent } = await watch(terminal, WATCHED_S);
  const megabytes = residentMegabytes(terminal.pid);
  const delays = await tickBoxes(home, terminal);
  await quit(terminal);
  const p95 = percentile(delays, 95);
  return [
    {
      what: 'the same, quiet',
      measured: `${short(bytesPerSecond)} bytes/s`,
      value: bytesPerSecond,
      bound: 0,
      unit: ' bytes/s',
    },
    {
      what: 'the same, quiet',
      measured: `${short(cpuPercent)} % CPU`,
      value: cpuPercent,
      bound: 0.3,
      unit: ' %',
    },
    {
      what: 'the same, quiet',
      measured: `${short(megabytes)} MB`,
      value: megabytes,
      bound: 140,
      unit: ' MB',
    },
    {
      what: 'the same: a ticked box to glass, p95',
      measured: `p50 ${short(median(delays))}, p95 ${short(p95)} ms (${delays.length} times)`,
      value: p95,
      bound: 60,
      unit: ' ms',
    },
  ];
}

/** Ticks boxes of some checklists, one after the other, as agents do. Returns how long each took to reach the screen, ms. */
async function tickBoxes(home: string, terminal: Terminal): Promise<number[]> {
  const delays: number[] = [];
  for (let tick = 0; tick < TICKS; tick += 1) {
    for (let nth = 0; nth < ACTIVE; nth += 1) {
      const spec = nth * Math.floor(HOME_SIZES.checklists / ACTIVE);
      const ticked = 31 + tick;
      const start = performance.now();
      writeChecklist(home, spec, ticked);
      const at = await terminal.until(boxName(spec, ticked));
      if (tick > 0) delays.push(at - start); // at first it moves up to those that are running
      await pause(50 + Math.random() * 100);
    }
  }
  return delays;
}

function residentMegabytes(pid: number): number {
  const [, kilobytes = '0'] = /VmRSS:\s+(\d+)/u.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kilobytes) / 1024;
}
