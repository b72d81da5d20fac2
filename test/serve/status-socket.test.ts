import { existsSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { expect, it } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import type { StatusFigures } from '../../src/model/status-figures.ts';
import { askForStatus, listenForStatus } from '../../src/serve/status-socket.ts';
import { temporaryDirectory } from '../helpers/temporary-directory.ts';

const FIGURES: StatusFigures = {
  version: 1,
  needsYou: 1,
  needsInput: 1,
  review: 0,
  running: 3,
  stalled: 0,
  waiting: 0,
  queued: 0,
  failed: 1,
  completed: 0,
  cancelled: 0,
  done: '',
  asking: [{ id: 'a', name: 'Hash', why: 'Go on?' }],
};

it('tells its owner how all tasks stand, and leaves nothing behind', async () => {
  await using directory = await temporaryDirectory();
  const path = directory.file('status.sock');
  let running = 3;
  const telling = await listenForStatus(path, async () => ({ ...FIGURES, running }));
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(await askForStatus(path, systemClock)).toEqual(FIGURES);
  running = 4;
  expect(await askForStatus(path, systemClock)).toEqual({ ...FIGURES, running: 4 });
  await telling.close();
  expect(existsSync(path)).toBe(false);
  expect(await askForStatus(path, systemClock)).toBeNull();
});

/** How somebody answers wrongly. */
type Silence = readonly [
  what: string,
  answer: (end: (text: string) => void, write: (text: string) => void) => void,
];

it.each<Silence>([
  ['says nothing', () => {}],
  ['speaks another language', (end: (text: string) => void) => end('{"version":2}')],
  ...(
    [
      ['leaves a count out', { running: undefined }],
      ['counts in words', { failed: 'one' }],
      ['counts in fractions', { failed: 0.5 }],
      ['has no list of what asks', { asking: {} }],
      ['lists what has no name', { asking: [...FIGURES.asking, { id: 'b', why: '' }] }],
      ['does not say when all is done', { done: 5 }],
    ] as const
  ).map(
    ([what, wrong]) =>
      [what, (end: (text: string) => void) => end(JSON.stringify({ ...FIGURES, ...wrong }))] as const,
  ),
  ['speaks no JSON', (end: (text: string) => void) => end('hello')],
  ['speaks without end', (_end: unknown, write: (text: string) => void) => write('x'.repeat(1024 * 1024))],
])('gives up on whoever %s', async (_what, answer) => {
  await using directory = await temporaryDirectory();
  const path = directory.file('status.sock');
  const server = createServer((connection) => {
    connection.on('error', () => {});
    answer(
      (text) => connection.end(text),
      (text) => connection.write(text),
    );
  });
  await new Promise<void>((resolve) => server.listen(path, resolve));
  expect(await askForStatus(path, systemClock)).toBeNull();
  server.close();
});
