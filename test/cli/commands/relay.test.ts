import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { runRelayCommand } from '../../../src/cli/commands/relay/run-relay-command.ts';
import { systemClock } from '../../../src/clock.ts';
import type { Io } from '../../../src/io/io.ts';
import { createRelay } from '../../../src/relay/create-relay.ts';
import { connectRaw, createAuthor } from '../../relay/raw-client.ts';

function terminal(signal: AbortSignal) {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  return { stdout, stderr, io: { stdout, stderr, signal, clock: systemClock } as unknown as Io };
}

test('prints its address, serves until the signal, then ends with 0', async () => {
  const ending = new AbortController();
  const { stdout, io } = terminal(ending.signal);
  const code = runRelayCommand({}, io);
  const [line] = (await stdout.take(1).toArray()) as [Buffer];
  expect(String(line)).toMatch(/^ws:\/\/127\.0\.0\.1:\d+\n$/);

  const client = await connectRaw(String(line).trim());
  const event = createAuthor().sign({});
  expect(await client.publish(event)).toEqual(['OK', event.id, true, '']);
  ending.abort('SIGTERM');
  expect(await code).toBe(0);
});

test.each(['x', '-1', '65536', '1.5'])('--port %s is a usage error', async (port) => {
  const { stderr, io } = terminal(new AbortController().signal);
  expect(await runRelayCommand({ port }, io)).toBe(2);
  stderr.end();
  expect(await text(stderr)).toBe(
    `taskglass: relay: --port ${port} is not a port (a number from 0 to 65535)\n`,
  );
});

test('a port that is taken: said in one line, with what to do', async () => {
  const other = await createRelay({ clock: systemClock });
  const { stdout, stderr, io } = terminal(new AbortController().signal);
  expect(await runRelayCommand({ port: String(other.port) }, io)).toBe(2);
  stderr.end();
  stdout.end();
  expect(await text(stderr)).toBe(
    `taskglass: relay: 127.0.0.1:${other.port} is taken (choose another with --port, or 0 for any)\n`,
  );
  expect(await text(stdout)).toBe('');
  await other.close();
});
