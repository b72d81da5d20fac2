import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type BigDocument, createBigDocument } from './big-document.ts';
import { type Blocks, createBlocks } from './blocks.ts';
import { type Figure, median, percentile, short } from './figure.ts';
import { inScratchFolder, openTaskglass, pause, quit } from './program.ts';

const TASKS = 100_000;
const CHANGES = 6;
const PRESSES = 60;
/** Down through the list, past the end of the screen, and back. */
const KEYS = ['j', 'j', 'j', 'k', '\x1b[6~', 'j', '\x1b[5~', 'G', 'k', 'g'];
const PATIENCE_MS = 60_000;

type View = ReturnType<typeof openTaskglass>;

/** Measures what a document of 100,000 tasks costs: its first frame, keys, and changes of it, compared with only reading it. */
export function measureBig(): Promise<Figure[]> {
  return inScratchFolder(async (folder) => {
    const path = join(folder, 'state.json');
    const document = createBigDocument(TASKS);
    document.write(path);
    const blocks = createBlocks(folder);
    const bare: number[] = [bareParseMs(path)];
    const starts: Start[] = [];
    for (let start = 0; start < 2; start += 1) starts.push(await startOnce(folder, blocks)); // the first one fills the code cache
    const { view, ...first } = await startOnce(folder, blocks, true);
    const loading = blocks.take();
    await pause(3_000);
    const keys = await keyDelays(view, PRESSES);
    const changes = await changeDelays(view, document, path);
    bare.push(bareParseMs(path));
    blocks.take();
    const busy = await keysWhileReadAnew(view, document, path);
    const blocked = blocks.take();
    const memory = memoryOf(view.pid);
    await quit(view);
    const bareMs = median(bare);
    return [
      ...startFigures([...starts.slice(1), first], bareMs, loading),
      ...keyFigures('key to frame, 100,000 tasks', keys, { median: 25, max: 120 }),
      againstBare('one changed task to its frame', median(changes), bareMs, 2),
      ...keyFigures('the same while all is read anew', busy, { p95: 50, max: 120 }),
      milliseconds('longest block while all is read anew', Math.max(0, ...blocked), 50),
      { what: 'memory at the end', measured: `${memory.now} MB`, value: memory.now, bound: 350, unit: ' MB' },
      {
        what: 'memory at its most',
        measured: `${memory.most} MB`,
        value: memory.most,
        bound: 350,
        unit: ' MB',
      },
    ];
  });
}

/** Returns how long a separate process takes that does nothing but read such a document, ms. */
function bareParseMs(path: string): number {
  const script = `const { readFileSync } = require('node:fs');
const start = performance.now();
const document = JSON.parse(readFileSync(process.argv[1], 'utf8'));
console.log(performance.now() - start, document.activeTasks.length);`;
  const runs = Array.from({ length: 3 }, () =>
    Number.parseFloat(execFileSync(process.execPath, ['-e', script, path], { encoding: 'utf8' })),
  );
  return median(runs);
}

interface Start {
  readonly firstMs: number;
  readonly wholeMs: number;
}

async function startOnce(folder: string, blocks: Blocks): Promise<Start>;
async function startOnce(folder: string, blocks: Blocks, stays: true): Promise<Start & { view: View }>;
async function startOnce(folder: string, blocks: Blocks, stays = false): Promise<Start & { view: View }> {
  blocks.take();
  const start = performance.now();
  const view = openTaskglass(folder, ['state.json'], { env: blocks.env });
  const firstMs = (await view.until('Task number', PATIENCE_MS)) - start;
  const wholeMs = (await view.until(/200 running.*9\d,?\d\d\d done/u, PATIENCE_MS)) - start;
  if (!stays) await quit(view);
  return { firstMs, wholeMs, view };
}

async function keyDelays(view: View, presses: number): Promise<number[]> {
  const delays: number[] = [];
  for (let press = 0; press < presses; press += 1) {
    const before = view.bytes;
    const start = performance.now();
    view.type(KEYS[press % KEYS.length] ?? 'j');
    delays.push((await view.until(() => view.bytes > before)) - start);
    await pause(60 + Math.random() * 80);
  }
  view.type('g');
  await pause(300);
  return delays;
}

async function changeDelays(view: View, document: BigDocument, path: string): Promise<number[]> {
  const delays: number[] = [];
  for (let change = 0; change < CHANGES; change += 1) {
    document.rename(document.first, `Marker ${change} `);
    document.write(path);
    const start = performance.now();
    delays.push((await view.until(`Marker ${change}`, PATIENCE_MS)) - start);
    await pause(2_000);
  }
  return delays;
}

/** Presses keys while the document is replaced: with one changed task and with one in a hundred, alternately. */
async function keysWhileReadAnew(view: View, document: BigDocument, path: string): Promise<number[]> {
  const delays: number[] = [];
  for (let change = 0; change < CHANGES; change += 1) {
    document.rename(document.first, `Changed ${change} `);
    if (change % 2 === 1) document.touch((index) => index % 100 === 0);
    document.write(path);
    const started = performance.now();
    while (performance.now() - started < 2_500) {
      const start = performance.now();
      const before = view.bytes;
      view.type(KEYS[delays.length % KEYS.length] ?? 'j');
      delays.push((await view.until(() => view.bytes > before)) - start);
      await pause(40 + Math.random() * 40);
    }
  }
  return delays;
}

function memoryOf(pid: number): { now: number; most: number } {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const megabytes = (key: string) =>
    Math.round(Number(new RegExp(`^${key}:\\s+(\\d+) kB$`, 'mu').exec(status)?.[1]) / 1_000);
  return { now: megabytes('VmRSS'), most: megabytes('VmHWM') };
}

function startFigures(starts: readonly Start[], bareMs: number, blocked: readonly number[]): Figure[] {
  return [
    againstBare(
      'start to first frame, 100,000 tasks',
      median(starts.map(({ firstMs }) => firstMs)),
      bareMs,
      4,
    ),
    againstBare('start to all of them', median(starts.map(({ wholeMs }) => wholeMs)), bareMs, 4),
    milliseconds('longest block while they are first read', Math.max(0, ...blocked), 250),
  ];
}

function keyFigures(
  what: string,
  delays: readonly number[],
  bounds: { readonly median?: number; readonly p95?: number; readonly max: number },
): Figure[] {
  const [p50, p95, max] = [median(delays), percentile(delays, 95), Math.max(...delays)];
  const measured = `median ${short(p50)}, p95 ${short(p95)}, max ${short(max)} ms (${delays.length} times)`;
  const figure = (name: string, value: number, bound: number) => ({
    what: `${what}, ${name}`,
    measured,
    value,
    bound,
    unit: ' ms',
  });
  return [
    ...(bounds.median === undefined ? [] : [figure('median', p50, bounds.median)]),
    ...(bounds.p95 === undefined ? [] : [figure('p95', p95, bounds.p95)]),
    figure('max', max, bounds.max),
  ];
}

function milliseconds(what: string, value: number, bound: number): Figure {
  return { what, measured: `${short(value)} ms`, value, bound, unit: ' ms' };
}

function againstBare(what: string, ms: number, bareMs: number, bound: number): Figure {
  const measured = `${short(ms / bareMs)}× the bare parse (${short(ms)} ms against ${short(bareMs)} ms)`;
  return { what, measured, value: ms / bareMs, bound, unit: '×' };
}
