import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { createDoor, type DoorLimits } from '../../src/serve/door.ts';
import { openRudeClient, RUDENESS } from '../helpers/rude-client.ts';

const QUICK: Partial<DoorLimits> = { headMs: 80, requestMs: 80, lookEveryMs: 20 };

async function openQuickDoor(limits: Partial<DoorLimits> = QUICK) {
  const door = createDoor(
    systemClock,
    {
      accessOf: () => null,
      standingOf: () => 'reader',
      request: (request, response) =>
        void (request.url === '/events' && response.writeHead(200).flushHeaders()),
      upgrade: (_request, socket) => socket.destroy(),
    },
    limits,
  );
  const server = await door.listen({ port: 0, host: '127.0.0.1' });
  return {
    port: (server.address() as AddressInfo).port,
    [Symbol.asyncDispose]: () => door.close(),
  };
}

it.each([
  ['says nothing', 'says nothing'],
  ['stops in the middle of a request', 'stops in the middle of a request'],
  ['stops in the middle of a body', 'stops in the middle of a body'],
])('cuts a client that %s, and no listener', async (_what, kind) => {
  await using door = await openQuickDoor();
  const listener = await openRudeClient(door.port, RUDENESS['listens and reads nothing']?.('') ?? '');
  const client = await openRudeClient(door.port, RUDENESS[kind]?.('') ?? '');
  await once(client.resume(), 'end');
  expect(listener.readableEnded || listener.destroyed).toBe(false);
  listener.destroy();
  client.destroy();
});

it('cuts a client that sends its request a character at a time', async () => {
  await using door = await openQuickDoor();
  const client = await openRudeClient(door.port, 'GET /snapshot HTTP/1.1\r\nhost: 127.0.0.1\r\nx-slow: ');
  let isOver = false;
  client.resume().once('close', () => {
    isOver = true;
  });
  while (!isOver) {
    client.write('a');
    await new Promise((resolve) => systemClock.after(5, () => resolve(null)));
  }
  client.destroy();
});

it('puts out the oldest who has shown least, and nobody for one who has shown less', async () => {
  const standings = ['owner', 'reader', 'unknown'] as const;
  const door = createDoor(
    systemClock,
    {
      accessOf: ({ url }) => standings.find((standing) => url === `/${standing}`) ?? 'unknown',
      standingOf: (standing) => standing,
      request: (_request, response) => void response.writeHead(200).flushHeaders(),
      upgrade: (_request, socket) => socket.destroy(),
    },
    { connections: 3 },
  );
  const server = await door.listen({ port: 0, host: '127.0.0.1' });
  const { port } = server.address() as AddressInfo;
  const enter = async (standing: string) => {
    const client = await openRudeClient(port, `GET /${standing} HTTP/1.1\r\nhost: x\r\n\r\n`);
    await once(client, 'readable');
    return client;
  };
  const isOut = (client: Awaited<ReturnType<typeof enter>>) => once(client.resume(), 'end');

  const owner = await enter('owner');
  const reader = await enter('reader');
  const unknown = await enter('unknown');
  const second = await enter('owner');
  await isOut(unknown);
  const third = await enter('owner');
  await isOut(reader);
  const fourth = await openRudeClient(port, '');
  await isOut(fourth);
  expect([owner, second, third].map((client) => client.readableEnded)).toEqual([false, false, false]);
  await door.close();
});
