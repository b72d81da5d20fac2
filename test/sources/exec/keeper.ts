/**
 * A program of somebody's for `execd:`: prints the state in a file, as one line, whenever it changes, and ends when the file is
 * gone: `keeper.ts FILE`. Beside a file `FILE.obey` it does what lines on its standard input say.
 */
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

const [path = ''] = process.argv.slice(2);
const OUTCOME: Readonly<Record<string, string>> = { cancel: 'cancelled', retry: 'running' };
let printed = '';

function read(): string {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    console.error(`no board at ${path}`);
    return process.exit(3);
  }
}

createInterface({ input: process.stdin }).on('line', (line) => {
  const { command, taskId } = JSON.parse(line);
  if (!existsSync(`${path}.obey`)) return;
  const state = JSON.parse(read());
  for (const task of state.activeTasks) if (task.taskId === taskId) task.status = OUTCOME[command];
  writeFileSync(`${path}.new`, JSON.stringify(state));
  renameSync(`${path}.new`, path);
});

setInterval(() => {
  const text = read();
  if (text !== printed) process.stdout.write(`${text}\n`);
  printed = text;
}, 20);
