import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createDecoder, type Decoder } from '../../src/input/decoder.ts';
import type { InputEvent } from '../../src/input/event.ts';

/** A piece of input with what it says: a silence in milliseconds, or bytes. */
type Piece = string | Uint8Array | number;

/** What the pieces say, each being a read of its own, as a terminal's user would tell it. */
function told(...pieces: readonly Piece[]): string[] {
  const decoder = createDecoder();
  const events: InputEvent[] = [];
  for (const piece of pieces) {
    if (typeof piece === 'number') events.push(...wait(decoder, piece));
    else events.push(...decoder.push(typeof piece === 'string' ? Buffer.from(piece) : piece));
  }
  return events.map(words);
}

/** What is held, without what only waits to be collected. */
function heapInUse(): number {
  setFlagsFromString('--expose-gc');
  runInNewContext('gc')();
  return process.memoryUsage().heapUsed;
}

/** Lets time pass: the decoder's patience ends as often as it does. */
function wait(decoder: Decoder, ms: number): InputEvent[] {
  const events: InputEvent[] = [];
  let left = ms;
  for (
    let patience = decoder.patienceMs;
    patience !== null && patience <= left;
    patience = decoder.patienceMs
  ) {
    left -= patience;
    events.push(...decoder.expire());
  }
  return events;
}

function words(event: InputEvent): string {
  if (event.type === 'key') return event.key;
  if (event.type === 'focus') return event.has ? 'focus' : 'blur';
  return `${event.type} ${event.text}`;
}

const ESC = '\u001b';
const ST = `${ESC}\\`;

describe('keys', () => {
  it.each([
    ['j', ['j']],
    ['\r', ['enter']],
    ['j\r', ['j', 'enter']],
    ['\t', ['tab']],
    ['\u0003', ['ctrl-c']],
    ['\u001a', ['ctrl-z']],
    ['\u0000', ['ctrl-space']],
    ['\u007f', ['backspace']],
    ['é', ['é']],
    ['日', ['日']],
    [`${ESC}[A`, ['up']],
    [`${ESC}OB`, ['down']],
    [`${ESC}[1;5C`, ['right']],
    [`${ESC}[1;2:1D`, ['left']],
    [`${ESC}[1;1:3D`, []], // let go
    [`${ESC}[a${ESC}Ob${ESC}[5^${ESC}[6$`, ['up', 'down', 'pageup', 'pagedown']], // rxvt with Shift, Ctrl
    [`${ESC}[H${ESC}[4~${ESC}OH${ESC}[8~`, ['home', 'end', 'home', 'end']],
    [`${ESC}[3~`, ['backspace']],
    [`${ESC}${ESC}[A`, ['up']], // with Alt, as some send it
    [`${ESC}OM${ESC}Oj${ESC}Op`, ['enter', '*', '0']], // the keypad
    [`${ESC}[[A${ESC}[15~${ESC}OP${ESC}[24~`, ['f1', 'f5', 'f1', 'f12']],
    [`${ESC}[1;2R${ESC}[15;2~${ESC}[[F${ESC}[16~`, []], // where the cursor is, and no function keys of ours
    [`${ESC}d`, []], // Alt with a letter
    [`${ESC}é`, []],
    ['\u009bA', ['up']],
  ])('%j', (input, expected) => {
    expect(told(input)).toEqual(expected);
  });

  it.each([
    ['99', ['c']],
    ['99;2', ['C']],
    ['99;1', ['c']],
    ['100:68;2', ['D']],
    ['47:63;2', ['?']],
    ['47;2', []], // what Shift makes of it, only the keyboard knows
    ['99;65', ['C']], // caps lock
    ['99;66', ['c']], // caps lock and Shift
    ['99;129', ['c']], // num lock
    ['99;5', ['ctrl-c']],
    ['1089::99;5', ['ctrl-c']], // the same key, Cyrillic
    ['99;3', []], // Alt
    ['99;9', []], // Super
    ['99;1:1', ['c']],
    ['99;1:2', ['c']], // repeated
    ['99;1:3', []], // let go
    ['99;;99', ['c']],
    ['0;;233', ['é']],
    ['27', ['esc']],
    ['27;1:3', []],
    ['13', ['enter']],
    ['57414', ['enter']],
    ['57400', ['1']],
    ['57419;1:1', ['up']],
    ['57441;2', []], // Shift itself
    ['57358', []], // caps lock itself
    ['9', ['tab']],
    ['127', ['backspace']],
  ])("kitty's ESC[%su", (fields, expected) => {
    expect(told(`${ESC}[${fields}u`)).toEqual(expected);
  });

  it.each([
    ['27;5;99', ['ctrl-c']],
    ['27;2;68', ['D']],
    ['27;1;106', ['j']],
    ['27;3;106', []],
    ['27;1;27', ['esc']],
    ['27;1;13', ['enter']],
  ])("xterm's ESC[%s~", (fields, expected) => {
    expect(told(`${ESC}[${fields}~`)).toEqual(expected);
  });
});

describe('ESC', () => {
  it.each([
    ['by itself, after its wait', [ESC, 400], ['esc']],
    ['not before', [ESC, 399], []],
    ['twice', [ESC, 150, ESC, 400], ['esc', 'esc']],
    ['twice at once', [`${ESC}${ESC}`, 400], ['esc', 'esc']],
    ['then a key a moment later', [ESC, 150, 'j'], ['esc', 'j']],
    ['then a key so soon that it is Alt', [ESC, 60, 'd'], []],
    ['then a key after all', [ESC, 500, 'j'], ['esc', 'j']],
    ['an arrow in two pieces', [ESC, 60, '[D'], ['left']],
    ['in three', [ESC, 60, '[', 60, 'D'], ['left']],
    ['ever so slow', [ESC, 390, '[', 3_000, 'D'], ['left']],
    ['too late for an arrow: still no d', [ESC, 5_000, '[', 5_000, 'd'], ['esc', 'left']],
    ['SS3 too late', [ESC, 5_000, 'O', 5_000, 'd'], ['esc', 'left']],
    ['a cut with parameters', [`${ESC}[`, 60, '1;', 900, '5', 60, 'D'], ['left']],
    ['a reply too late', [ESC, 5_000, ']11;rgb:', 700, 'd\u0007'], ['esc']],
    ['with Ctrl-C behind it', [`${ESC}\u0003`], ['ctrl-c']],
    ['a sequence that another one cuts off', [`${ESC}[12${ESC}[A`], ['up']],
    ['a sequence that Enter cuts off', [`${ESC}[12\r`], ['enter']],
  ])('%s', (_what, pieces, expected) => {
    expect(told(...pieces)).toEqual(expected);
  });
});

describe('strings of the terminal', () => {
  const introducers = [']', 'P', '_', '^', 'X'].map((sign) => ESC + sign);
  const inUtf8 = ['\u009d', '\u0090', '\u009f', '\u009e', '\u0098'];
  const inOneByte = inUtf8.map((sign) => Uint8Array.of(sign.charCodeAt(0)));

  it.each([...introducers, ...inUtf8])('%j ends with BEL, ST, or ST in one character', (introducer) => {
    for (const end of ['\u0007', ST, '\u009c'])
      expect(told(`${introducer}11;rgb:cyrd“✜”${end}j`)).toEqual(['j']);
  });

  it('may begin and end with one byte', () => {
    for (const introducer of inOneByte)
      expect(told(introducer, '11;rgb:“✜cyrd', Uint8Array.of(0x9c), 'j')).toEqual(['j']);
  });

  it.each([
    ['time', [`${ESC}]0;cy`, 800, 'j'], ['j']],
    ['a lone ESC', [`${ESC}]0;cy`, ESC, 400, 'j'], ['esc', 'j']],
    ['an arrow', [`${ESC}]0;cy${ESC}[A`], ['up']],
    ['CAN', [`${ESC}]0;cy\u0018j`], ['j']],
    ['SUB', [`${ESC}]0;cy\u001aj`], ['j']],
    ['Ctrl-C', [`${ESC}]0;cy\u0003`], ['ctrl-c']],
  ])('without an end are given up by %s', (_what, pieces, expected) => {
    expect(told(...pieces)).toEqual(expected);
  });

  it.each([
    ['11;rgb:1c1c/1e1e/2626', ']', '\u0007'],
    ['7501;cyDrq', ']', ST],
    ['>|XTerm(390)', 'P', ST],
    ['1+r436f=323536', 'P', '\u009c'],
    ['Gi=31;OK cyDrq', '_', ST],
  ])('that reply %s are replies byte by byte, however slow the line is', (reply, introducer, end) => {
    for (const gapMs of [100, 1_000, 5_000, 29_000]) {
      const pieces = [...reply, ...end].flatMap((character) => [gapMs, character]);
      expect(told(ESC + introducer, ...pieces, 1_000, 'j')).toEqual(['j']);
    }
  });

  it.each([
    ['Alt with the sign of a string', [`${ESC}]`, 900, 'c'], ['c']],
    ['Alt with it, and a digit that may begin a reply', [`${ESC}P`, 900, '1', 900, 'c'], ['c']],
    ['Enter', [`${ESC}]11;rgb`, 900, 'd', 900, '\r', 'j'], ['enter', 'j']],
    ['an arrow', [`${ESC}]11;rgb`, 900, `${ESC}[A`, 'j'], ['up', 'j']],
    ['Esc, which says nothing else', [`${ESC}]11;rgb`, 900, ESC, 900, 'j', 900, ESC, 900], ['j', 'esc']],
    ['Ctrl-C', [`${ESC}]11;rgb`, 900, '\u0003'], ['ctrl-c']],
    ['a long silence', [`${ESC}]11;rgb`, 900, 'd', 30_000, 'j'], ['j']],
  ])('that stand still are given up by %s', (_what, pieces, expected) => {
    expect(told(...pieces)).toEqual(expected);
  });

  it('are not kept, however long', () => {
    const decoder = createDecoder();
    decoder.push(Buffer.from(`${ESC}]52;c;`));
    const before = heapInUse();
    const piece = Buffer.alloc(64 * 1024, 'cy');
    for (let count = 0; count < 96; count += 1) expect(decoder.push(piece)).toEqual([]);
    expect(heapInUse() - before).toBeLessThan(4 * 1024 * 1024);
    expect(decoder.push(Buffer.from('\u0007j'))).toEqual([{ type: 'key', key: 'j' }]);
  });
});

describe('mouse and focus', () => {
  it.each([
    ['X10', [`${ESC}[M cqj`], ['j']],
    ['X10, cut', [`${ESC}[`, 60, 'M', 60, ' ', 60, 'c', 60, 'q', 60, 'j'], ['j']],
    ['X10 without an end', [`${ESC}[M c`, 800, 'j'], ['j']],
    ['X10 far to the right', [Buffer.from([0x1b, 0x5b, 0x4d, 0x20, 0xc3, 0x21]), 'j'], ['j']],
    ['X10 far down', [Buffer.from([0x1b, 0x5b, 0x4d, 0x20, 0x21, 0xe5]), 'j'], ['j']],
    ['X10 far both ways', [Buffer.from([0x1b, 0x5b, 0x4d, 0x20, 0xe5, 0xf1]), 'j'], ['j']],
    ['in UTF-8', [`${ESC}[M \u0123\u0071j`], ['j']],
    [
      'in UTF-8, cut',
      [Buffer.from([0x1b, 0x5b, 0x4d, 0x20, 0xc3]), 60, Buffer.from([0xa1, 0x71]), 'j'],
      ['j'],
    ],
    ['SGR', [`${ESC}[<0;99;113M${ESC}[<0;99;113mj`], ['j']],
    ['urxvt', [`${ESC}[32;99;113Mj`], ['j']],
    ['focus', [`${ESC}[I${ESC}[Oj`], ['focus', 'blur', 'j']],
  ])('%s', (_what, pieces, expected) => {
    expect(told(...pieces)).toEqual(expected);
  });
});

describe('pastes', () => {
  it.each([
    ['marked', [`${ESC}[200~cy\rq${ESC}[201~j`], ['paste cy\rq', 'j']],
    ['marked, with a sequence in it', [`${ESC}[200~c${ESC}[Ay\u0003${ESC}[201~`], [`paste c${ESC}[Ay\u0003`]],
    ['marked, cut', [`${ESC}[200~c`, 60, `y${ESC}[20`, 60, '1~j'], ['paste cy', 'j']],
    ['marked, without an end', [`${ESC}[200~cy`, 5_000, 'j'], ['paste cy', 'j']],
    ['marked, cut by a line that stands still', [`${ESC}[200~c`, 4_900, `y${ESC}[201~j`], ['paste cy', 'j']],
    ['marked with 8-bit controls', ['\u009b200~cy\u009b201~j'], ['paste cy', 'j']],
    ['marked, empty', [`${ESC}[200~${ESC}[201~j`], ['paste ', 'j']],
    ['an end by itself', [`${ESC}[201~j`], ['j']],
    ['unmarked', ['cypress'], ['typed cypress']],
    ['unmarked, of several lines', ['c\ry\r'], ['typed c\ry\r']],
    ['unmarked, cut', ['cypres', 60, 's'], ['typed cypres', 'typed s']],
    ['unmarked, cut before its line end', ['cy', 60, '\r', 60, 'd'], ['typed cy', 'typed \r', 'typed d']],
    ['unmarked, then a key', ['cypress', 150, 'j'], ['typed cypress', 'j']],
    ['unmarked, then an arrow and a key', [`cypress${ESC}[Aj`], ['typed cypress', 'up', 'j']],
    ['unmarked, with Ctrl-C', ['cypress\u0003'], ['typed cypress', 'ctrl-c']],
    ['a key held down', ['jjj', 30, 'j'], ['typed jjj', 'j']],
    ['kitty telling several characters', [`${ESC}[0;;99:121u`], ['typed cy']],
  ])('%s', (_what, pieces, expected) => {
    expect(told(...pieces)).toEqual(expected);
  });

  it('of any length are kept up to a limit', () => {
    const decoder = createDecoder();
    decoder.push(Buffer.from(`${ESC}[200~`));
    for (let count = 0; count < 40; count += 1) decoder.push(Buffer.alloc(64 * 1024, 'a'));
    const [event] = decoder.push(Buffer.from(`${ESC}[201~`));
    expect(event).toMatchObject({ type: 'paste', text: expect.stringMatching(/^a{65536,65600}$/u) });
  });
});

describe('bytes', () => {
  it.each([
    [
      'a character in pieces',
      [Uint8Array.of(0xe6), 60, Uint8Array.of(0x97), 60, Uint8Array.of(0xa5)],
      ['日'],
    ],
    ['8-bit Alt', [Uint8Array.of(0xe3), 500, 'j'], ['j']],
    ['what is no UTF-8', [Uint8Array.of(0xff, 0xfe, 0xc0, 0xaf, 0xed, 0xa0, 0x80, 0xb5), 'j'], ['j']],
  ])('%s', (_what, pieces, expected) => {
    expect(told(...pieces)).toEqual(expected);
  });
});

/** What terminals say by themselves; the letters in them are keys that would do harm. */
const replies = fc
  .oneof(
    fc.constantFrom(
      `${ESC}]10;rgb:dcdc/d0d0/cccc\u0007`,
      `${ESC}]11;rgb:1c1c/1e1e/2626${ST}`,
      `${ESC}]4;1;rgb:cdcd/0000/0000\u009c`,
      `${ESC}]52;c;Y3lEcnEK${ST}`,
      `${ESC}]lcyDrq – “✜”${ST}`,
      `\u009d11;rgb:d/r/c\u009c`,
      `${ESC}P>|XTerm(390)${ST}`,
      `${ESC}P1+r436f=323536${ST}`,
      `${ESC}P0+r${ST}`,
      `${ESC}P1$r0;1mD${ST}`,
      `${ESC}P!|7E565445${ST}`,
      `${ESC}_Gi=31;OK cyDrq${ST}`,
      `${ESC}^cyDrq${ST}`,
      `${ESC}XcyDrq${ST}`,
      `${ESC}[12;34R`,
      `${ESC}[?12;34;1R`,
      `${ESC}[?62;4;6;22c`,
      `${ESC}[>41;390;0c`,
      `${ESC}[0n`,
      `${ESC}[?997;1n`,
      `${ESC}[?1u`,
      `${ESC}[?2026;2$y`,
      `${ESC}[4;1$y`,
      `${ESC}[8;24;80t`,
      `${ESC}[48;24;80;480;800t`,
      `${ESC}[99;1:3u`,
      `${ESC}[57441;2u`,
    ),
    fc
      .tuple(
        fc.integer({ min: 32, max: 126 }),
        fc.integer({ min: 33, max: 223 }),
        fc.integer({ min: 33, max: 126 }),
      )
      .map(([button, column, row]) => `${ESC}[M${String.fromCodePoint(button, column, row)}`),
    fc
      .tuple(fc.nat(70), fc.nat(300), fc.nat(300), fc.constantFrom('M', 'm'))
      .map(([button, column, row, end]) => `${ESC}[<${button};${column};${row}${end}`),
    fc
      .tuple(fc.integer({ min: 32, max: 99 }), fc.nat(300), fc.nat(300))
      .map(([button, column, row]) => `${ESC}[${button};${column};${row}M`),
  )
  .map((bytes) => ({ bytes, says: [] as string[] }));

const keys = fc.constantFrom(
  { bytes: `${ESC}[A`, says: ['up'] },
  { bytes: `${ESC}OB`, says: ['down'] },
  { bytes: `${ESC}[1;5D`, says: ['left'] },
  { bytes: `${ESC}[6~`, says: ['pagedown'] },
  { bytes: `${ESC}[99u`, says: ['c'] },
  { bytes: `${ESC}[100;2u`, says: ['D'] },
  { bytes: `${ESC}[27;5;99~`, says: ['ctrl-c'] },
  { bytes: `${ESC}[I`, says: ['focus'] },
  { bytes: `${ESC}[O`, says: ['blur'] },
  { bytes: '\u0003', says: ['ctrl-c'] },
  { bytes: '\u007f', says: ['backspace'] },
);
/** Two of these next to each other would be a paste: a sequence stands behind each. */
const characters = fc
  .constantFrom('j', 'd', 'r', '?', 'é', '日')
  .map((character) => ({ bytes: `${character}${ESC}[0n`, says: [character] }));
const pastes = fc
  .constantFrom('cy', 'Dy\rq', `rm${ESC}[A`, '“✜”', '')
  .map((text) => ({ bytes: `${ESC}[200~${text}${ESC}[201~`, says: [`paste ${text}`] }));

describe('any sequence of replies, keys and pastes', () => {
  it('says exactly the keys and the pastes, wherever it is cut and however slow the line is', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(replies, replies, keys, characters, pastes), { maxLength: 12 }),
        fc.array(fc.nat(), { maxLength: 40 }),
        fc.constantFrom(0, 20, 60, 200, 390),
        (parts, cutsAt, gapMs) => {
          const bytes = Buffer.from(parts.map((part) => part.bytes).join(''));
          const cuts = cutsAt.map((at) => at % (bytes.length + 1));
          const places = [...new Set([0, ...cuts, bytes.length])].sort((a, b) => a - b);
          const pieces = places.slice(1).flatMap((end, index) => [bytes.subarray(places[index], end), gapMs]);
          expect(told(...pieces)).toEqual(parts.flatMap(({ says }) => says));
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it('never throws, and always comes back, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 6 }), (pieces) => {
        const before = told(...pieces, 2_000).length;
        expect(told(...pieces, 2_000, `${ESC}[0n`, `${ESC}[0n`, 'j').slice(before)).toContain('j');
      }),
      { numRuns: 2_000 },
    );
  });
});
