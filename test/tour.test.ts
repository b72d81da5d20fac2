import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Cast, castText, readCast } from '../scripts/cast-file.ts';
import { drawings, TOUR } from '../scripts/drawings.ts';
import { filmSvg } from '../scripts/film-svg.ts';
import { record } from '../scripts/record.ts';
import { openTerminal } from './helpers/terminal.ts';

const DOCS = join(TOUR, '..');
const CASTS = globSync('*.cast', { cwd: TOUR });
const HEADER = '{"version":2,"width":80,"height":24,"title":"x"}';

describe('the casts of the tour', () => {
  it.each(CASTS)('%s is well-formed, and says nothing of the machine it was made on', (name) => {
    const text = readFileSync(join(TOUR, name), 'utf8');
    const { events } = readCast(text);
    expect(events.at(-1)?.[0]).toBeGreaterThan(5);
    expect(text).not.toMatch(/\/(?:home|root|Users|work|private)\/|\broot@/u);
  });

  it('are small', () => {
    const sizes = CASTS.map((name) => readFileSync(join(TOUR, name)).length);
    expect(sizes.length).toBeGreaterThan(5);
    expect(sizes.reduce((one, other) => one + other, 0)).toBeLessThan(300_000);
  });

  it.each([
    ['', 'line 1: not JSON'],
    ['{"version":1}', 'line 1: not the header of an asciicast v2'],
    [`${HEADER}\n[1,"x","a"]`, 'line 2: not an event'],
    [`${HEADER}\n[2,"o","a"]\n[1,"o","b"]`, 'line 3: earlier than the line before'],
    [`${HEADER}\n[1,"o"`, 'line 2: not JSON'],
  ])('%j is refused', (text, said) => {
    expect(() => readCast(text)).toThrow(said);
  });
});

it('the films and pictures are what the casts show: if not, npm run picture', async () => {
  const drawn = await drawings();
  expect([...drawn.keys()].sort()).toEqual(
    globSync(['*.svg', 'tour/*.svg'], { cwd: DOCS })
      .map((path) => path.replaceAll('\\', '/'))
      .sort(),
  );
  const old = [...drawn].filter(([file, svg]) => readFileSync(join(DOCS, file), 'utf8') !== svg);
  expect(old.map(([file]) => file)).toEqual([]);
});

it('a recording takes the time that is told, however long the machine took', async () => {
  const terminal = openTerminal('sh', [], { cols: 40, rows: 5, env: { PS1: '$ ' } });
  try {
    const cast = await record(terminal, 'x', { columns: 40, rows: 5 }, async (actor) => {
      await actor.see('$');
      await actor.command('echo hi');
      await actor.see(/^hi$/mu);
      actor.picture('greeting');
      await actor.press('q', '$ q');
      await actor.rest(0.1);
      actor.picture('end');
    });
    const moments = cast.events.filter(([, code]) => code !== 'o');
    const greeting = 0.3 + 7 * 0.07 + 0.4 + 0.3;
    expect(moments).toEqual([
      [expect.closeTo(greeting, 1), 'm', 'greeting'],
      [expect.closeTo(greeting, 1), 'i', 'q'],
      [expect.closeTo(greeting + 0.6, 1), 'm', 'end'],
    ]);
    expect(readCast(castText(cast))).toEqual(cast);
  } finally {
    terminal.dispose();
  }
});

describe('a film', () => {
  const cast: Cast = {
    title: 'A & B',
    columns: 10,
    rows: 2,
    events: [
      [0, 'o', 'stays go'],
      [1, 'i', '\r'],
      [2, 'o', '\u001b[1;7H\u001b[31mon'],
    ],
  };

  it('shows what changes for as long as it stood, and what stays all the time', async () => {
    const svg = await filmSvg(cast, 'f');
    const motionOf = (word: string) => {
      const group = new RegExp(`<g class="(f-\\d+)">\\n(?:<text.*\\n)*<text[^>]*>${word}</text>`, 'u').exec(
        svg,
      )?.[1];
      return new RegExp(`@keyframes ${group}\\{(.*)\\}$`, 'mu').exec(svg)?.[1];
    };
    expect(svg).toContain('animation:f-0 4s step-end infinite');
    expect(motionOf('stays\u00a0go')).toBe('0%{visibility:visible}50%{visibility:hidden}');
    expect(motionOf('on')).toBe('0%{visibility:hidden}50%{visibility:visible}');
    expect(svg).toMatch(/<text[^>]*>enter<\/text>/u);
  });

  it('moves only for those who have not asked for less motion', async () => {
    const svg = await filmSvg(cast, 'f');
    const [, moving = ''] = svg.split('@media (prefers-reduced-motion:no-preference){');
    expect(svg.match(/animation:/gu)).toEqual(moving.match(/animation:/gu));
  });

  it.each([...CASTS])('of %s is well-formed', async (name) => {
    const svg = await filmSvg(readCast(readFileSync(join(TOUR, name), 'utf8')), 'f');
    const open: string[] = [];
    for (const [, closes, tag = '', , empty] of svg.matchAll(
      /<(\/?)([a-z]+)((?:\s[\w-]+="[^"<]*")*)(\/?)>/gu,
    )) {
      if (closes) expect(open.pop()).toBe(tag);
      else if (!empty) open.push(tag);
    }
    expect(open).toEqual([]);
    expect(svg).not.toMatch(/&(?!amp;|lt;|gt;)/u);
  });
});

it('a cast is read as it was written', () => {
  const cast: Cast = { title: 'é', columns: 80, rows: 24, events: [[0.5, 'o', '\u001b[1m"\n']] };
  expect(readCast(castText(cast))).toEqual(cast);
});
