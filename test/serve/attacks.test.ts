import { once } from 'node:events';
import type { Socket } from 'node:net';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createFakeClock } from '../../src/clock.ts';
import { plainText } from '../../src/model/text.ts';
import { eventually } from '../helpers/eventually.ts';
import { type Leaving, openRudeClient, RUDENESS } from '../helpers/rude-client.ts';
import { serveMemory, TOKEN } from '../helpers/task-server.ts';

const bearer = { authorization: `Bearer ${TOKEN}` };
const BEARER_LINE = `authorization: Bearer ${TOKEN}\r\n`;
const KINDS = Object.keys(RUDENESS);
const said = (kind: string, headers = '') => RUDENESS[kind]?.(headers) ?? '';

/** A server with something to say, more than fits into a socket's buffers. */
async function serveMuch(options: Parameters<typeof serveMemory>[0] = {}) {
  const world = await serveMemory(options);
  for (let index = 0; index < 200; index += 1) world.put(`${index}`, { raw: 'x'.repeat(50_000) });
  world.memory.live();
  return world;
}

async function snapshotStatus(url: string): Promise<number> {
  const answer = await fetch(`${url}/snapshot`, { headers: bearer });
  await answer.text();
  return answer.status;
}

const destroyAll = (sockets: readonly Socket[]) => {
  for (const socket of sockets) socket.destroy();
};

describe('the end of the server', () => {
  it.each(KINDS)('does not wait for a client that %s', async (kind) => {
    for (const leaving of ['stays', 'half-closes', 'goes', 'resets'] as const) {
      const world = await serveMuch();
      const clients = await Promise.all(
        ['', BEARER_LINE].map((headers) => openRudeClient(world.server.port, said(kind, headers), leaving)),
      );
      expect(await snapshotStatus(world.server.url)).toBe(200);
      await world[Symbol.asyncDispose]();
      await using next = await serveMemory({ port: world.server.port });
      expect(next.server.port).toBe(world.server.port);
      destroyAll(clients);
    }
  });

  it('waits for no mixture of them', async () => {
    const client = fc.record({
      kind: fc.constantFrom(...KINDS),
      headers: fc.constantFrom('', BEARER_LINE),
      leaving: fc.constantFrom<Leaving>('stays', 'half-closes', 'goes', 'resets'),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(client, { maxLength: 20 }), fc.boolean(), async (mixture, isOpen) => {
        const world = await serveMuch({ isOpen });
        const clients: Socket[] = [];
        for (const { kind, headers, leaving } of mixture)
          clients.push(await openRudeClient(world.server.port, said(kind, headers), leaving));
        await world[Symbol.asyncDispose]();
        await eventually(() => expect(world.server.listeners).toBe(0));
        destroyAll(clients);
      }),
      { numRuns: 12 },
    );
  }, 30_000);
});

describe('a connection that is refused', () => {
  it.each([
    ['asks for a WebSocket where there is none', BEARER_LINE],
    ['asks for a WebSocket where there is none', ''],
    ['asks for one as a page of another site', ''],
    ['talks on after a refusal', BEARER_LINE],
    ['asks for another protocol', BEARER_LINE],
    ['damages the handshake', BEARER_LINE],
    ['opens a WebSocket and is silent', ''],
  ])('is let go of, though its client %s and stays (%j)', async (kind, headers) => {
    await using world = await serveMemory();
    const client = await openRudeClient(world.server.port, said(kind, headers));
    const [answer] = await once(client.resume(), 'data');
    expect(String(answer)).toMatch(/^HTTP\/1\.1 4\d\d /);
    await eventually(() => {
      client.write('still here');
      expect(client.destroyed).toBe(true);
    });
  });
});

describe('a full house', () => {
  it.each(KINDS)('of those who have no token (each %s) keeps nobody out who has', async (kind) => {
    await using world = await serveMemory();
    const clients: Socket[] = [];
    for (let count = 0; count < 300; count += 1)
      clients.push(await openRudeClient(world.server.port, said(kind).slice(0, 2_000)));
    expect(await snapshotStatus(world.server.url)).toBe(200);
    destroyAll(clients);
  });

  it('of readers, where reading is open, keeps nobody out who has the token, nor cuts him off', async () => {
    await using world = await serveMemory({ isOpen: true });
    world.put('a');
    const listener = await fetch(`${world.server.url}/events`, { headers: bearer });
    const clients: Socket[] = [];
    for (let count = 0; count < 300; count += 1)
      clients.push(await openRudeClient(world.server.port, said('asks and stays')));
    expect(await snapshotStatus(world.server.url)).toBe(200);
    world.put('b');
    let heard = '';
    for await (const piece of (listener.body as ReadableStream<Uint8Array>).pipeThrough(
      new TextDecoderStream(),
    )) {
      heard += piece;
      if (heard.includes('board/b')) break;
    }
    destroyAll(clients);
  });
});

it('one connection takes one listener’s place, and gives it back when it goes', async () => {
  await using world = await serveMemory();
  for (const kind of ['asks for many streams at once', 'asks for a stream behind others']) {
    const client = await openRudeClient(world.server.port, said(kind, BEARER_LINE));
    await eventually(() => expect(world.server.listeners).toBeLessThan(2));
    client.destroy();
    await eventually(() => expect(world.server.listeners).toBe(0));
  }
});

describe('a reader that takes nothing', () => {
  const PONG = Buffer.from([0x8a, 0x80, 0, 0, 0, 0]);

  it.each([
    ['a stream, though it goes on asking', 'listens and reads nothing', Buffer.from('GET ')],
    ['a WebSocket, though it answers pings', 'opens a WebSocket and is silent', PONG],
  ])('is cut off after a minute: %s', async (_what, kind, signOfLife) => {
    const clock = createFakeClock(Date.now());
    await using world = await serveMuch({ clock });
    const client = await openRudeClient(world.server.port, said(kind, BEARER_LINE));
    await eventually(() => expect(world.server.listeners).toBe(1));
    const result = plainText('y'.repeat(60_000));
    for (let index = 0; index < 300; index += 1)
      world.put(`${index}`, { state: { status: 'completed', endedAt: null, result } });
    clock.advance(1_000);
    for (let quarter = 0; quarter < 5; quarter += 1) {
      client.write(signOfLife);
      expect(await snapshotStatus(world.server.url)).toBe(200);
      clock.advance(15_000);
    }
    await eventually(() => expect(world.server.listeners).toBe(0));
    client.destroy();
  });
});
