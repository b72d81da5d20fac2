import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Terminal } from '../test/helpers/terminal.ts';
import { type Figure, median, short } from './figure.ts';
import { inScratchFolder, openTaskglass, pause, quit } from './program.ts';

const SERVER = join(import.meta.dirname, 'hostile-server.ts');
const PRESSES = 12;
/** A heading of the page of keys. */
const HELP = /^\s*keys\s*$/mu;
const FLOODED_MS = 4_000;

interface Measured {
  readonly mode: string;
  readonly megabytes: number;
  readonly keyMs: number;
}

/** Measures the view of a server that floods it: the worst memory and the worst key of all floods. */
export async function measureStreams(): Promise<Figure[]> {
  const measured: Measured[] = [];
  for (const mode of await modes()) measured.push(await flooded(mode));
  const size = measured.toSorted((a, b) => b.megabytes - a.megabytes)[0] as Measured;
  const key = measured.toSorted((a, b) => b.keyMs - a.keyMs)[0] as Measured;
  return [
    {
      what: 'memory under a hostile stream, at most',
      measured: `${short(size.megabytes)} MB (${size.mode})`,
      value: size.megabytes,
      bound: 400,
      unit: ' MB',
    },
    {
      what: 'key to frame under a hostile stream, median',
      measured: `${short(key.keyMs)} ms (${key.mode})`,
      value: key.keyMs,
      bound: 50,
      unit: ' ms',
    },
  ];
}

async function modes(): Promise<string[]> {
  const server = spawn(process.execPath, [SERVER], { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines: string[] = [];
  for await (const line of createInterface({ input: server.stdout })) lines.push(line);
  return lines;
}

function flooded(mode: string): Promise<Measured> {
  return inScratchFolder(async (folder) => {
    const server = spawn(process.execPath, [SERVER, mode], { stdio: ['pipe', 'pipe', 'inherit'] });
    const [port] = await once(createInterface({ input: server.stdout }), 'line');
    const scheme = mode.startsWith('agui') ? 'agui:' : '';
    const terminal = openTaskglass(folder, [`${scheme}http://127.0.0.1:${port}/`]);
    let megabytes = 0;
    const watching = setInterval(() => {
      megabytes = Math.max(megabytes, residentMegabytes(terminal.pid));
    }, 200);
    await pause(FLOODED_MS);
    const keys: number[] = [];
    for (let press = 0; press < PRESSES; press += 1) {
      keys.push(await helpDelay(terminal));
      await pause(200 + Math.random() * 100);
    }
    clearInterval(watching);
    await quit(terminal);
    server.stdin.end();
    return { mode, megabytes, keyMs: median(keys) };
  });
}

/** Measures the time from `?` to the page of keys, which only that key can bring. */
async function helpDelay(terminal: Terminal): Promise<number> {
  const start = performance.now();
  terminal.type('?');
  const shownAt = await terminal.until(HELP);
  terminal.type('?');
  await terminal.until((screen) => !HELP.test(screen));
  return shownAt - start;
}

function residentMegabytes(pid: number): number {
  const [, kilobytes] = /VmRSS:\s+(\d+)/u.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kilobytes) / 1_000;
}
