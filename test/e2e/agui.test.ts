import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { PROGRAM } from '../helpers/program.ts';
import { openTerminal, type Terminal } from '../helpers/terminal.ts';

let home: string;
let emitter: ChildProcess;
let said: Interface;
let terminal: Terminal;

const nextLine = () => new Promise<string>((resolve) => said.once('line', resolve));
const tell = (line: string) => emitter.stdin?.write(`${line}\n`);

beforeEach(async () => {
  home = await mkdtemp(path.join(tmpdir(), 'agui-'));
  const program = fileURLToPath(new URL('../helpers/agui-emitter.ts', import.meta.url));
  emitter = spawn(process.execPath, [program], { stdio: ['pipe', 'pipe', 'inherit'] });
  said = createInterface({ input: emitter.stdout as Readable });
  const url = await nextLine();
  terminal = openTerminal(process.execPath, [PROGRAM, `agui:${url}`], {
    cwd: home,
    env: { TASKGLASS_HOME: home },
  });
});
afterEach(async () => {
  terminal.dispose();
  emitter.kill();
  await rm(home, { recursive: true, force: true });
});

it('shows the steps of an emitter in another process as they happen, to the last one', async () => {
  await terminal.until('Index the library');
  const latencies: number[] = [];
  for (const [line, wanted] of [
    ['step 0 40', '40%'],
    ['step 1 20', '2/3 sort'],
    ['step 2 70', '3/3 write'],
  ] as const) {
    const at = performance.now();
    tell(line);
    latencies.push((await terminal.until(wanted)) - at);
  }
  tell('done');
  await terminal.until(/✓ Index the library/u);
  console.log(`emitter to glass over AG-UI: ${latencies.map((ms) => `${ms.toFixed(0)} ms`).join(', ')}`);
});

it('brings a cancel from the keyboard back to the emitter', async () => {
  await terminal.until('Index the library');
  const answer = nextLine();
  terminal.type('c');
  await terminal.until(/y\/n|\(y/u);
  terminal.type('y');
  expect(await answer).toBe('cancelled');
  await terminal.until(/⊘ Index the library/u);
});
