/** What the original tools do: read, change one key, truncate, write in chunks of 8 KiB. Until it is told to stop. */
import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';

/** Many times as often as any such tool writes, and yet the other side gets a turn on a machine that is busy. */
const REST_MS = 20;

const path = process.argv[2] as string;
let isStopped = false;
process.on('message', () => {
  isStopped = true;
});

for (let round = 1; !isStopped; round += 1) {
  const document = readWhenWhole();
  if (document) writeInPlace(JSON.stringify({ ...document, rounds: round }, null, 2));
  await setTimeout(REST_MS);
}
process.exit(0);

function readWhenWhole(): object | null {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return null;
  }
}

function writeInPlace(text: string): void {
  const file = openSync(path, 'w');
  for (let at = 0; at < text.length; at += 8192) writeSync(file, text.slice(at, at + 8192));
  closeSync(file);
}
