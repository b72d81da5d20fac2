import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { type Duplex, PassThrough, Readable, type Writable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openTunnel, type Tunnel } from '../../src/io/tunnel.ts';

const farEnd = fileURLToPath(new URL('./far-end.ts', import.meta.url));

describe('a tunnel', { timeout: 30_000 }, () => {
  let child: ChildProcessByStdio<Writable, Readable, null>;
  let tunnel: Tunnel;
  beforeEach(async () => {
    child = spawn(process.execPath, [farEnd], { stdio: ['pipe', 'pipe', 'inherit'] });
    child.stdin.on('error', () => {});
    tunnel = (await openTunnel(child.stdout, child.stdin)) as Tunnel;
  });
  afterEach(async () => {
    const ended = child.exitCode === null && child.signalCode === null ? once(child, 'exit') : null;
    tunnel.close();
    await ended;
  });

  it('carries many connections at once, each whole', async () => {
    const texts = Array.from({ length: 40 }, (_, index) => `${index} `.repeat(50_000));
    const answers = texts.map(async (text) => {
      const connection = tunnel.connect();
      connection.end(text);
      return (await buffer(connection)).toString();
    });
    expect(await Promise.all(answers)).toEqual(texts);
  });

  it('does not let one that nobody reads hold up the others', async () => {
    const stuck = tunnel.connect();
    const written = Readable.from(endless()).pipe(stuck);
    const quick = tunnel.connect();
    quick.end('quick');
    expect((await buffer(quick)).toString()).toBe('quick');
    expect(written.writableNeedDrain).toBe(true);
    stuck.destroy();
  });

  it('ends its connections when the other side is gone, and opens none any more', async () => {
    const open: Duplex[] = [tunnel.connect(), tunnel.connect()];
    for (const connection of open) connection.write('hello');
    await Promise.all(open.map((connection) => once(connection, 'data')));
    const closed = Promise.all(open.map((connection) => once(connection, 'close')));
    child.kill('SIGKILL');
    await closed;
    expect(() => tunnel.connect()).toThrow('the tunnel is closed');
  });

  it('ends the other side with it', async () => {
    const ended = once(child, 'exit');
    tunnel.close();
    expect(await ended).toEqual([0, null]);
  });
});

function* endless(): Generator<string> {
  for (;;) yield 'x'.repeat(10_000);
}

describe('what is no tunnel', () => {
  it.each([
    ['nothing', []],
    ['a few words', ['Welcome\n', 'taskglass tunnel 2\n']],
    ['noise without end', Array.from({ length: 100 }, () => 'x'.repeat(10_000))],
  ])('%s is found out', async (_what, pieces) => {
    expect(await openTunnel(Readable.from(pieces, { objectMode: false }), new PassThrough())).toBeNull();
  });
});
