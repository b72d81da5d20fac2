import { statSync, symlinkSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { fetchFromOwnServer, fetchOverSocket } from '../../src/sources/agui/socket-fetch.ts';
import { serveMemory, TOKEN } from '../helpers/task-server.ts';
import { temporaryDirectory } from '../helpers/temporary-directory.ts';

let home: Awaited<ReturnType<typeof temporaryDirectory>>;
let path: string;
beforeEach(async () => {
  home = await temporaryDirectory();
  path = home.file('serve.sock');
});
afterEach(() => home[Symbol.asyncDispose]());

const request = (headers: Record<string, string> = {}) => ({ headers, signal: new AbortController().signal });

it('lets its owner do everything without a token', async () => {
  await using world = await serveMemory();
  world.put('a');
  await world.server.openSocket(path);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  const ask = fetchOverSocket(path);
  expect((await ask(`${world.server.url}/snapshot`, request())).status).toBe(200);
  const posted = await ask(`${world.server.url}/commands`, {
    ...request({ 'content-type': 'application/json' }),
    method: 'POST',
    body: JSON.stringify({ command: 'cancel', taskId: 'board/z' }),
  });
  expect([posted.status, await posted.json()]).toEqual([404, { error: 'there is no task board/z' }]);
});

it('ends with the server, whoever is connected, and leaves nothing behind', async () => {
  const world = await serveMemory();
  await world.server.openSocket(path);
  const client = connect({ path, allowHalfOpen: true });
  client.write('GET /events HTTP/1.1\r\nhost: x\r\n\r\n');
  await new Promise((resolve) => client.once('readable', resolve));
  await world[Symbol.asyncDispose]();
  expect(() => statSync(path)).toThrow('ENOENT');
  client.destroy();
});

it.each<[string, () => void]>([
  ['a file', () => writeFileSync(path, 'precious')],
  ['a link to nowhere', () => symlinkSync(home.file('nowhere'), path)],
])('is not opened where %s lies', async (_what, lay) => {
  lay();
  await using world = await serveMemory();
  await expect(world.server.openSocket(path)).rejects.toThrow('something else is there');
});

it('is not opened where another server answers', async () => {
  await using first = await serveMemory();
  await first.server.openSocket(path);
  await using second = await serveMemory();
  await expect(second.server.openSocket(path)).rejects.toThrow('another server is listening there');
  expect((await fetchOverSocket(path)(`${first.server.url}/`, request())).status).toBe(200);
});

it('is passed by where nobody answers at it, and then the token goes where it was meant to', async () => {
  await using world = await serveMemory();
  const ask = fetchFromOwnServer(async () => path);
  const headers = { authorization: `Bearer ${TOKEN}` };
  expect((await ask(`${world.server.url}/snapshot`, request(headers))).status).toBe(200);
  expect((await ask(`${world.server.url}/snapshot`, request())).status).toBe(401);
});

it('is never shown a token', async () => {
  let heard = '';
  const server = createServer((socket) =>
    socket.on('data', (data) => {
      heard += data;
      socket.end('HTTP/1.1 204 No Content\r\n\r\n');
    }),
  ).listen(path);
  const ask = fetchFromOwnServer(async () => path);
  const answer = await ask(
    'http://127.0.0.1:1/x?y',
    request({ authorization: `Bearer ${TOKEN}`, accept: 'a/b' }),
  );
  expect([answer.status, answer.body]).toEqual([204, null]);
  expect(heard).toMatch(/^GET \/x\?y HTTP\/1\.1\r\naccept: a\/b\r\n/);
  expect(heard).not.toContain(TOKEN);
  await new Promise((done) => server.close(done));
});

it('gives up with the signal', async () => {
  const server = createServer(() => {}).listen(path);
  const leave = new AbortController();
  const answer = fetchOverSocket(path)('http://127.0.0.1/', { headers: {}, signal: leave.signal });
  leave.abort();
  await expect(answer).rejects.toThrow('fetch failed');
  server.close();
});
