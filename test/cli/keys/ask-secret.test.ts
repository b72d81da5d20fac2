import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { askSecret } from '../../../src/cli/keys/ask-secret.ts';
import { systemClock } from '../../../src/clock.ts';
import type { Io } from '../../../src/io/io.ts';
import { words } from '../../../src/model/text.ts';

/** A terminal on which a question can be asked. */
function terminal() {
  const rawModes: boolean[] = [];
  const stdin = Object.assign(new PassThrough(), {
    isTTY: true,
    setRawMode(isRaw: boolean) {
      rawModes.push(isRaw);
      return stdin;
    },
  });
  const stderr = Object.assign(new PassThrough(), { isTTY: true });
  const ending = new AbortController();
  const io = { stdin, stderr, clock: systemClock, signal: ending.signal } as unknown as Io;
  return {
    stdin,
    stderr,
    ending,
    rawModes,
    shown: () => String(stderr.read() ?? ''),
    ask: () => askSecret(words`secret: `, io),
  };
}

describe('a secret', () => {
  it.each([
    ['typed at once', ['open sesame\r'], 'open sesame'],
    ['typed key by key', [...'größe 1', '\r'], 'größe 1'],
    ['corrected', ['opem', '\u007f', 'n\u0015shut', '\r'], 'shut'],
    [
      'with arrows and replies of the terminal among it',
      ['op\u001b]11;rgb:1c', '1c/00/00\u0007en\u001b[D', '\r'],
      'open',
    ],
    ['pasted with marks', ['\u001b[200~open\n\u001b[201~', '\r'], 'open'],
    ['with something behind it', ['open\rsesame\r'], 'open'],
    ['left empty', ['\r'], null],
    ['given up by Ctrl-D', ['\u0004'], null],
  ])('%s', async (_what, pieces, expected) => {
    const { stdin, rawModes, shown, ask } = terminal();
    const asked = ask();
    for (const piece of pieces) {
      stdin.write(piece);
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(await asked).toBe(expected);
    expect(rawModes).toEqual([true, false]);
    expect(stdin.listenerCount('data')).toBe(0);
    expect(shown()).toBe('secret: \n');
  });

  it('shows the question only once nothing typed is shown', async () => {
    const { stdin, stderr, rawModes, ask } = terminal();
    const rawModesWhenAsked: boolean[][] = [];
    stderr.write = () => rawModesWhenAsked.push([...rawModes]) > 0;
    const asked = ask();
    stdin.write('open\r');
    expect(await asked).toBe('open');
    expect(rawModesWhenAsked[0]).toEqual([true]);
  });

  it('given up by Ctrl-C, which ends the program as it does elsewhere', async () => {
    const { stdin, rawModes, ending, ask } = terminal();
    const interrupted = once(process, 'SIGINT').then(() => ending.abort('SIGINT'));
    const asked = ask();
    stdin.write('open');
    stdin.write('\u0003');
    await interrupted;
    expect(await asked).toBeNull();
    expect(rawModes).toEqual([true, false]);
  });

  it.each([
    ['a signal comes', ({ ending }: ReturnType<typeof terminal>) => ending.abort('SIGTERM')],
    ['the terminal goes away', ({ stdin }: ReturnType<typeof terminal>) => stdin.end()],
  ])('is given up where %s', async (_what, act) => {
    const opened = terminal();
    const asked = opened.ask();
    act(opened);
    expect(await asked).toBeNull();
    expect(opened.rawModes.at(-1)).toBe(false);
  });
});
