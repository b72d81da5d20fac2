import { once } from 'node:events';
import { connect } from 'node:net';
import { hostname } from 'node:os';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { systemClock } from '../../src/clock.ts';
import { createRelay, type Relay } from '../../src/relay/create-relay.ts';
import { refusalOfVisitor } from '../../src/relay/visitors.ts';

describe('who may connect', () => {
  const HOST = '127.0.0.1:4711';
  test.each<[string, string | undefined, string | undefined, string[], boolean]>([
    ['a program, which sends no Origin', undefined, HOST, [], true],
    ['a program that sends the relay’s own address', 'http://127.0.0.1:4711', HOST, [], true],
    ['… as a WebSocket address', 'ws://127.0.0.1:4711', HOST, [], true],
    ['… by the name localhost', 'http://localhost:4711', 'localhost:4711', [], true],
    ['… by IPv6', 'http://[::1]:4711', '[::1]:4711', [], true],
    ['… in the LAN', 'http://192.168.1.7:4711', '192.168.1.7:4711', [], true],
    ['… by this machine’s name', `http://${hostname()}:4711`, `${hostname()}:4711`, [], true],
    ['a page of another site', 'https://evil.example', HOST, [], false],
    ['a page of this machine on another port', 'http://127.0.0.1:8000', HOST, [], false],
    ['a page of this machine under another name', 'http://localhost:4711', HOST, [], false],
    ['a page whose name was made to point here', 'http://evil.example:4711', 'evil.example:4711', [], false],
    ['a page of the same with a dot behind it', 'http://evil.example.:4711', 'evil.example.:4711', [], false],
    [
      'a page named like an address',
      'http://127.0.0.1.evil.example:4711',
      '127.0.0.1.evil.example:4711',
      [],
      false,
    ],
    ['a sandboxed page or a file', 'null', HOST, [], false],
    ['a browser’s extension', 'chrome-extension://abcdef', HOST, [], false],
    ['an empty Origin', '', HOST, [], false],
    ['an Origin that is none', 'not an origin', HOST, [], false],
    ['a request without a Host', 'http://127.0.0.1:4711', undefined, [], false],
    ['a page that was allowed', 'https://app.example', HOST, ['https://app.example'], true],
    [
      'a page of which only the beginning was allowed',
      'https://app.example.evil',
      HOST,
      ['https://app.example'],
      false,
    ],
    ['any page, if all were allowed', 'https://evil.example', HOST, ['*'], true],
  ])('%s', (_, origin, host, allowed, isLetIn) => {
    const headers = { ...(origin === undefined ? {} : { origin }), ...(host === undefined ? {} : { host }) };
    expect(refusalOfVisitor({ headers }, allowed) === null).toBe(isLetIn);
  });
});

describe('a relay beside a browser', () => {
  let relay: Relay;
  beforeEach(async () => {
    relay = await createRelay({ clock: systemClock, allowedOrigins: ['https://app.example'] });
  });
  afterEach(() => relay.close());

  test('refuses the socket of a foreign page and takes that of an allowed one', async () => {
    const outcome = async (origin: string) => {
      const socket = new WebSocket(relay.url, { origin });
      socket.on('error', () => {});
      const [how] = await Promise.race([
        once(socket, 'open').then(() => ['open']),
        once(socket, 'unexpected-response').then(([, { statusCode }]) => [statusCode]),
      ]);
      socket.terminate();
      return how;
    };
    expect(await outcome('https://evil.example')).toBe(403);
    expect(await outcome('https://app.example')).toBe('open');
  });

  test('tells a page about itself only if it may connect', async () => {
    const readableBy = async (origin: string) => {
      const response = await fetch(relay.url.replace('ws', 'http'), {
        headers: { origin, accept: 'application/nostr+json' },
      });
      await response.text();
      return response.headers.get('access-control-allow-origin');
    };
    expect(await readableBy('https://evil.example')).toBeNull();
    expect(await readableBy('https://app.example')).toBe('https://app.example');
  });

  test('closes although a refused page holds on to its socket', async () => {
    const socket = connect({ host: '127.0.0.1', port: relay.port, allowHalfOpen: true });
    socket.on('error', () => {});
    socket.write(
      'GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nOrigin: https://evil.example\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n' +
        'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n' +
        'x'.repeat(100_000),
    );
    const [answer] = await once(socket, 'data');
    expect(String(answer)).toMatch(/^HTTP\/1\.1 403 /);
    await relay.close();
    socket.destroy();
    relay = await createRelay({ clock: systemClock });
  });
});
