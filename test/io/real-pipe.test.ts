import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { openRealPipes, type RealPipe } from '../../src/io/real-pipe.ts';

/** Prints to its outputs in turn, blocks where one is full, and leaves nothing behind. */
const IN_TURN =
  'for n in 1 2 3; do echo "out $n"; echo "error $n" >&2; done; head -c 300000 /dev/zero; echo last >&2';

describe('a pipe for a command', () => {
  // On Linux a command opens its outputs by name, which sockets refuse; of a FIFO macOS does not tell when it ends.
  it.each(['linux', 'darwin', 'freebsd'] as const)(
    'keeps the order of both outputs, and ends with them (%s)',
    async (platform) => {
      const [pipe] = (await openRealPipes(1, platform)) as [RealPipe];
      const child = spawn('sh', ['-c', IN_TURN], { stdio: ['ignore', pipe.writeEnd, pipe.writeEnd] });
      pipe.closeWriteEnd();
      const printed = text(pipe.readable);
      expect(await once(child, 'exit')).toEqual([0, null]);
      const lines = (await printed).replaceAll('\0', '').split('\n');
      expect(lines).toEqual(['out 1', 'error 1', 'out 2', 'error 2', 'out 3', 'error 3', 'last', '']);
    },
  );

  it.each(['linux', 'darwin'] as const)('tells a command that nobody reads it (%s)', async (platform) => {
    const [pipe] = (await openRealPipes(1, platform)) as [RealPipe];
    pipe.readable.destroy();
    const child = spawn('sh', ['-c', 'exec yes'], { stdio: ['ignore', pipe.writeEnd, 'ignore'] });
    pipe.closeWriteEnd();
    expect((await once(child, 'exit'))[1]).toBe('SIGPIPE');
  });

  it('is one of each that was asked for', async () => {
    const pipes = await openRealPipes(2, 'darwin');
    expect(new Set(pipes.map(({ writeEnd }) => writeEnd)).size).toBe(2);
    for (const { readable, closeWriteEnd } of pipes) {
      closeWriteEnd();
      readable.destroy();
    }
  });
});
