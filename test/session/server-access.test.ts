import { execFileSync } from 'node:child_process';
import { mkdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ownersOfPort } from '../../src/session/port-owners.ts';
import { createTokenStore, serverOf } from '../../src/session/server-tokens.ts';
import { makeSocketPath } from '../../src/storage/runtime-directory.ts';
import { runHere } from '../helpers/console.ts';
import { eventually } from '../helpers/eventually.ts';
import { serveMemory } from '../helpers/task-server.ts';
import { temporaryDirectory } from '../helpers/temporary-directory.ts';

const SECRET = 'not-for-everybody';
const asEvent = (data: object) => `data: ${JSON.stringify(data)}\n\n`;
/** What another taskglass says that has no tasks, and what an agent says. */
const NO_TASKS = asEvent({ type: 'snapshot', version: 1, part: 0, isLast: true, sources: [], tasks: [] });
const NO_WORK = asEvent({ type: 'STATE_SNAPSHOT', snapshot: { activeTasks: [] } });

/** Anybody's server, that writes down which token it is brought; `location` sends everybody there instead. */
async function openStranger(location: string | null = null) {
  const brought: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    brought.push(request.headers.authorization);
    if (location !== null) return void response.writeHead(307, { location }).end();
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(request.url?.endsWith('/events') ? NO_TASKS : NO_WORK);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    /** Every token brought, once each. */
    get brought() {
      return [...new Set(brought)];
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}

let home: Awaited<ReturnType<typeof temporaryDirectory>>;
beforeEach(async () => {
  home = await temporaryDirectory();
});
afterEach(() => home[Symbol.asyncDispose]());

const environment = () => ({ TASKGLASS_HOME: home.file('.home') });
const look = (addresses: string[], env: Record<string, string> = {}) =>
  runHere(['--once', '--wait', '5', ...addresses], { cwd: home.path, env });

describe('the token in the environment', () => {
  it('goes to the one server that is attached', async () => {
    await using stranger = await openStranger();
    await look([stranger.url], { TASKGLASS_TOKEN: SECRET });
    expect(stranger.brought).toEqual([`Bearer ${SECRET}`]);
  });

  it('goes to it by both of its addresses', async () => {
    await using stranger = await openStranger();
    const { stderr } = await look([`${stranger.url}/`, `agui:${stranger.url}/agui`], {
      TASKGLASS_TOKEN: SECRET,
    });
    expect(stranger.brought).toEqual([`Bearer ${SECRET}`]);
    expect(stderr).not.toContain('TASKGLASS_TOKEN');
  });

  it.each([
    ['two machines', (one: string, two: string) => [one, two]],
    ['another taskglass and an agent', (one: string, two: string) => [one, `agui:${two}/run`]],
    ['two behind one proxy', (one: string) => [`${one}/a`, `${one}/b/`]],
    ['two agents behind one', (one: string) => [`agui:${one}/a/agui`, `agui:${one}/b/agui`]],
  ])('goes to none of %s, and it is said', async (_which, addresses) => {
    await using one = await openStranger();
    await using two = await openStranger();
    const said = await look(addresses(one.url, two.url), { TASKGLASS_TOKEN: SECRET });
    expect([...one.brought, ...two.brought]).not.toContain(`Bearer ${SECRET}`);
    expect(said.stderr).toContain('is for one server, but 2 are attached, so it was sent to none');
    expect(said.stderr + said.stdout).not.toContain(SECRET);
  });

  it('is not carried on to where a server sends us', async () => {
    await using elsewhere = await openStranger();
    await using first = await openStranger(`${elsewhere.url}/events`);
    await look([first.url], { TASKGLASS_TOKEN: SECRET });
    expect(first.brought).toEqual([`Bearer ${SECRET}`]);
    expect(elsewhere.brought).toEqual([undefined]);
  });

  it('is serve’s own where it serves, and goes to none that it attaches to', async () => {
    await using stranger = await openStranger();
    const file = home.file('token');
    writeFileSync(file, SECRET, { mode: 0o600 });
    for (const env of [{ TASKGLASS_TOKEN: SECRET }, { TASKGLASS_TOKEN_FILE: file }]) {
      const stop = new AbortController();
      const serving = runHere(['serve', '--port', '0', stranger.url, `agui:${stranger.url}/agui`], {
        cwd: home.path,
        env,
        signal: stop.signal,
      });
      await eventually(() => expect(stranger.brought.length).toBeGreaterThan(0));
      stop.abort('SIGTERM');
      await serving;
    }
    expect(stranger.brought).toEqual([undefined]);
  });

  it.each<[string, (file: string) => void, RegExp]>([
    ['missing', () => {}, /it does not exist/],
    ['empty', (file) => writeFileSync(file, '\n', { mode: 0o600 }), /it is empty/],
    [
      'for others to read',
      (file) => writeFileSync(file, SECRET, { mode: 0o640 }),
      /it can be read by others/,
    ],
    ['a directory', (file) => mkdirSync(file), /it is not a file/],
    ['a pipe', (file) => execFileSync('mkfifo', ['-m', '600', file]), /it is not a file/],
    ['a device', (file) => symlinkSync('/dev/zero', file), /it is not a file/],
    ['huge', (file) => writeFileSync(file, 'x'.repeat(10_000), { mode: 0o600 }), /it is too large/],
    ['no text for a header', (file) => writeFileSync(file, 'a\nb', { mode: 0o600 }), /HTTP does not allow/],
  ])('is refused, in words, from a file that is %s', async (_what, make, words) => {
    const file = home.file('token');
    make(file);
    for (const args of [
      ['--once', 'http://127.0.0.1:9'],
      ['serve', '--port', '0'],
    ]) {
      const said = await runHere(args, { cwd: home.path, env: { TASKGLASS_TOKEN_FILE: 'token' } });
      expect(said).toMatchObject({ code: 2, stdout: '', stderr: expect.stringMatching(words) });
      expect(said.stderr).toContain(`TASKGLASS_TOKEN_FILE (${file}) is not used`);
      expect(said.stderr).not.toContain(SECRET);
    }
  });
});

/** Where the token of a server in this process is kept. */
async function fileFor({ url, port }: { url: string; port: number }): Promise<string> {
  const { fileFor } = createTokenStore(environment());
  return fileFor(serverOf(url), await ownersOfPort(port));
}

describe('a token that was asked for', () => {
  it('goes to its own server alone', async () => {
    await using mine = await openStranger();
    await using other = await openStranger();
    const store = createTokenStore(environment());
    const file = await fileFor(mine);
    await store.write(file, SECRET);
    await look([mine.url, other.url]);
    expect(mine.brought).toEqual([`Bearer ${SECRET}`]);
    await look([`${mine.url}/other`]);
    expect(mine.brought).toEqual([`Bearer ${SECRET}`, undefined]);
    expect(other.brought).toEqual([undefined]);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(statSync(path.dirname(file)).mode & 0o777).toBe(0o700);
  });

  it('is not used where others could read or write it', async () => {
    await using mine = await openStranger();
    const file = await fileFor(mine);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, SECRET, { mode: 0o666 });
    await look([mine.url]);
    expect(mine.brought).toEqual([undefined]);
  });

  it.runIf(process.platform === 'linux')('does not go to another user who has taken its port', async () => {
    await using mine = await openStranger();
    const store = createTokenStore(environment());
    const theirs = 65_534;
    expect(await ownersOfPort(mine.port)).toEqual([process.getuid?.()]);
    await store.write(store.fileFor(serverOf(mine.url), [theirs]), SECRET);
    await store.write(store.fileFor(serverOf(mine.url), []), SECRET);
    await look([mine.url]);
    expect(mine.brought).toEqual([undefined]);
  });

  it.each([
    ['http://h:1/', 'http://h:1/agui'],
    ['http://h:1', 'http://h:1//'],
    ['http://h/x', 'http://h:80/x/agui/'],
    ['HTTP://H/', 'http://h'],
  ])('is the same for %s and %s', (one, two) => {
    expect(serverOf(two)).toBe(serverOf(one));
  });

  it('has a file of its own for each server, whatever its address', () => {
    const { fileFor } = createTokenStore(environment());
    const servers = [
      'http://h:1',
      'http://h:11',
      'https://h:1',
      'http://[::1]:1',
      'http://h/a',
      'http://h/a%2Fb',
      `http://h/${'x'.repeat(5_000)}`,
    ];
    const files = [
      ...servers.map((server) => fileFor(server, [])),
      fileFor('http://h:1', [0]),
      fileFor('http://h:1', [0, 1]),
    ];
    expect(new Set(files).size).toBe(servers.length + 2);
    for (const file of files) {
      expect(path.dirname(file)).toBe(home.file('.home/tokens'));
      expect(path.basename(file)).toMatch(/^[\w.-]{1,120}$/);
    }
  });
});

describe('this user’s own server', () => {
  it('is reached through its socket: a token is left for the one stranger', async () => {
    await using world = await serveMemory();
    world.put('a');
    world.memory.live();
    await world.server.openSocket(await makeSocketPath(world.server.port, environment()));
    await using stranger = await openStranger();
    const { stdout } = await look([world.server.url, stranger.url], { TASKGLASS_TOKEN: SECRET });
    expect(stdout).toContain('running');
    expect(stranger.brought).toEqual([`Bearer ${SECRET}`]);
  });

  it('is known again when it starts later', async () => {
    await using first = await serveMemory();
    const { port, url } = first.server;
    await first.server.close();
    const looking = runHere(['--once', '--wait', '20', url], { cwd: home.path });
    await using world = await serveMemory({ port });
    world.put('a');
    world.memory.live();
    await world.server.openSocket(await makeSocketPath(port, environment()));
    expect(await looking).toMatchObject({ code: 0, stdout: expect.stringContaining('running') });
  });

  it('gets nothing that somebody else could hear who took its port', async () => {
    await using stranger = await openStranger();
    const store = createTokenStore(environment());
    await store.write(store.ownFile(stranger.port), SECRET);
    writeFileSync(await makeSocketPath(stranger.port, environment()), 'no socket at all');
    await look([stranger.url]);
    expect(stranger.brought).toEqual([undefined]);
  });
});
