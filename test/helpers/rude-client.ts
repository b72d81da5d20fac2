import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

const HEAD = 'HTTP/1.1\r\nhost: 127.0.0.1\r\n';
const UPGRADE =
  'upgrade: websocket\r\nconnection: Upgrade\r\nsec-websocket-version: 13\r\nsec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==\r\n';

/** What a client with bad intentions may send to a server, by name; `headers` are additional lines. */
export const RUDENESS: Readonly<Record<string, (headers: string) => string>> = {
  'says nothing': () => '',
  'stops in the middle of a request': () => 'GET /snapshot HTTP/1.1\r\nhost: 127.',
  'stops in the middle of a body': (headers) =>
    `POST /commands ${HEAD}${headers}content-type: application/json\r\ncontent-length: 900\r\n\r\n{`,
  'promises a body in chunks': (headers) =>
    `POST /commands ${HEAD}${headers}content-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n5\r\n{`,
  'listens and reads nothing': (headers) => `GET /events ${HEAD}${headers}\r\n`,
  'asks for many streams at once': (headers) => `GET /events ${HEAD}${headers}\r\n`.repeat(65),
  'asks for a stream behind others': (headers) =>
    `${`GET /snapshot ${HEAD}${headers}\r\n`.repeat(20)}GET /agui ${HEAD}${headers}\r\n`,
  'asks and stays': (headers) => `GET /snapshot ${HEAD}${headers}\r\n`,
  'asks for a WebSocket where there is none': (headers) => `GET /nope ${HEAD}${headers}${UPGRADE}\r\n`,
  'asks for one as a page of another site': (headers) =>
    `GET /ws ${HEAD}${headers}${UPGRADE}origin: http://evil.example\r\n\r\n`,
  'talks on after a refusal': (headers) => `GET /nope ${HEAD}${headers}${UPGRADE}\r\n${'x'.repeat(200_000)}`,
  'asks for another protocol': (headers) =>
    `GET /snapshot ${HEAD}${headers}upgrade: h2c\r\nconnection: Upgrade, HTTP2-Settings\r\nhttp2-settings: \r\n\r\n`,
  'damages the handshake': (headers) => `GET /ws ${HEAD}${headers}${UPGRADE.replace(': 13', ': 99')}\r\n`,
  'opens a WebSocket and is silent': (headers) => `GET /ws ${HEAD}${headers}${UPGRADE}\r\n`,
  'asks for a tunnel': () => `CONNECT evil.example:443 ${HEAD}\r\n`,
  'speaks no HTTP': () => '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03'.repeat(20),
};

/** How it leaves, or whether it stays. */
export type Leaving = 'stays' | 'half-closes' | 'goes' | 'resets';

/** Opens a client that keeps its side open whatever the server does, reads nothing, and never answers a goodbye. */
export async function openRudeClient(
  port: number,
  says: string,
  leaving: Leaving = 'stays',
): Promise<Socket> {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  socket.on('error', () => {});
  await once(socket, 'connect');
  socket.pause();
  if (says !== '') socket.write(says, 'latin1');
  if (leaving === 'half-closes') socket.end();
  if (leaving === 'goes') socket.destroySoon();
  if (leaving === 'resets') socket.resetAndDestroy();
  return socket;
}
