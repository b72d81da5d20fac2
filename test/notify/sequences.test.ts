import xterm from '@xterm/headless';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { plainName } from '../../src/model/text.ts';
import { multiplexerOf, OSC_PROTOCOLS, type OscProtocol } from '../../src/notify/terminal/known-terminal.ts';
import {
  notificationSequence,
  passedThrough,
  progressSequence,
  titleSequence,
} from '../../src/notify/terminal/sequences.ts';
import { hostileText } from '../helpers/hostile-text.ts';

const ESC = '\u001b';

/** Names that try to leave the sequence that they stand in. */
const awkward = fc.oneof(
  hostileText,
  fc
    .array(fc.constantFrom(';', '\u0007', `${ESC}\\`, '\u009c', '4;1;50', '\n', '|', '😀', 'é'), {
      maxLength: 30,
    })
    .map((parts) => parts.join('')),
  fc.constant('x'.repeat(10_000)),
  fc.constant('語;'.repeat(5_000)),
);

/** What a terminal takes of it: the text on its screen, and each OSC with its content. */
async function taken(sequence: string): Promise<{ text: string; oscs: [number, string][] }> {
  const emulator = new xterm.Terminal({ cols: 80, rows: 5, allowProposedApi: true });
  const oscs: [number, string][] = [];
  for (const code of [2, 9, 99, 777, 52, 0])
    emulator.parser.registerOscHandler(code, (data) => {
      oscs.push([code, data]);
      return true;
    });
  await new Promise<void>((resolve) => emulator.write(`${sequence}.`, resolve));
  const text = emulator.buffer.active.getLine(0)?.translateToString(true) ?? '';
  emulator.dispose();
  return { text, oscs };
}

const cases = fc.record({
  protocol: fc.constantFrom<OscProtocol>(...OSC_PROTOCOLS),
  title: awkward,
  text: awkward,
});

describe('a notification as a sequence', () => {
  it('is accepted as a whole, whatever the names are: nothing of it is shown, nothing else is done', async () => {
    await fc.assert(
      fc.asyncProperty(cases, async ({ protocol, title, text }) => {
        const told = { title: plainName(title), text: plainName(text), id: 'id' };
        const sequence = notificationSequence(protocol, told);
        expect(Buffer.byteLength(sequence)).toBeLessThan(3_000);
        const { text: shown, oscs } = await taken(sequence);
        expect(shown).toBe('.');
        const parts = protocol === '99' && told.text !== '' ? 2 : 1;
        expect(oscs.map(([code]) => code)).toEqual(Array.from({ length: parts }, () => Number(protocol)));
        if (protocol === '777') expect(oscs[0]?.[1].split(';')).toHaveLength(3);
        // `4;` would be a progress bar.
        if (protocol === '9') expect(oscs[0]?.[1]).not.toContain(';');
      }),
      { numRuns: 60 },
    );
  });

  it('goes through tmux and screen as it was', () => {
    fc.assert(
      fc.property(cases, ({ protocol, title, text }) => {
        const sequence = notificationSequence(protocol, {
          title: plainName(title),
          text: plainName(text),
          id: 'id',
        });
        const tmux = passedThrough(sequence, 'tmux');
        const inside = tmux.slice(`${ESC}Ptmux;`.length, -2);
        expect(tmux.startsWith(`${ESC}Ptmux;`) && tmux.endsWith(`${ESC}\\`)).toBe(true);
        expect(inside.replaceAll(`${ESC}${ESC}`, '')).not.toContain(ESC);
        expect(inside.replaceAll(`${ESC}${ESC}`, ESC)).toBe(sequence);
        const pieces = passedThrough(sequence, 'screen').split(`${ESC}\\`).filter(Boolean);
        expect(pieces.every((piece) => piece.startsWith(`${ESC}P`) && Buffer.byteLength(piece) <= 252)).toBe(
          true,
        );
        const through = pieces.map((piece) => piece.slice(2)).join('');
        expect(through.replaceAll('...', '?')).toBe(
          sequence.replace(/[^\p{ASCII}]/gu, '?').replaceAll('...', '?'),
        );
      }),
    );
  });

  it('puts any title into one sequence', async () => {
    await fc.assert(
      fc.asyncProperty(awkward, async (title) => {
        const { text, oscs } = await taken(titleSequence(plainName(title)));
        expect({ text, codes: oscs.map(([code]) => code) }).toEqual({ text: '.', codes: [2] });
      }),
      { numRuns: 30 },
    );
  });

  it.each([
    [{ state: 'normal', percent: 41.9 }, '9;4;1;41'],
    [{ state: 'normal', percent: null }, '9;4;3;'],
    [{ state: 'failed', percent: 5 }, '9;4;2;5'],
    [{ state: 'waiting', percent: null }, '9;4;4;'],
    [null, '9;4;0;'],
  ] as const)('shows a bar: %o', (bar, payload) => {
    expect(progressSequence(bar)).toBe(`${ESC}]${payload}\u0007`);
  });

  it.each([
    [{ TMUX: '/tmp/x,1,0', TERM: 'screen-256color' }, 'tmux'],
    [{ STY: '1.pts', TERM: 'screen' }, 'screen'],
    [{ TERM: 'screen-256color' }, 'screen'],
    [{ ZELLIJ: '0' }, 'zellij'],
    [{ TERM: 'xterm-kitty' }, null],
  ] as const)('knows the multiplexer by %o', (env, multiplexer) => {
    expect(multiplexerOf(env)).toBe(multiplexer);
  });
});
