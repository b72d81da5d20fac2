import { describe, expect, it } from 'vitest';
import { systemClock } from '../../../src/clock.ts';
import { createProgressReader } from '../../../src/run/progress/progress-reader.ts';
import { readOutput, wholeOf } from '../../helpers/found-progress.ts';

describe('output in pieces', () => {
  it('joins what was cut, even inside a character', () => {
    const bytes = Buffer.from('[4/8] Größe in Blöcken\n');
    for (let cut = 1; cut < bytes.length; cut += 1) {
      expect(readOutput([bytes.subarray(0, cut), bytes.subarray(cut)]).whole).toBe(50);
    }
  });

  it('never mixes two outputs into one line', () => {
    const reader = createProgressReader({ clock: systemClock, onProgress: () => {} });
    reader.read(Buffer.from('copied 1'), 'stdout');
    reader.read(Buffer.from('warning: 5\n'), 'stderr');
    reader.read(Buffer.from('0 of 20\n'), 'stdout');
    expect(wholeOf(reader.progress)).toBe(50);
  });

  it('takes an unfinished line as it is once nothing more comes', () => {
    expect(readOutput(['Fortschritt: 42,5 %']).whole).toBe(42.5);
    expect(readOutput(['12 of 34', '0 files']).whole).toBe(3.5);
  });

  it('skips a line that is too long, even if its end comes later', () => {
    const long = `${'x'.repeat(5_000)} [6/9]`;
    expect(readOutput([long, '\n', '[7/9]\n']).whole).toBe(77.7);
    expect(readOutput([long, '\n']).whole).toBeNull();
    expect(readOutput([long, '\r 57%']).whole).toBe(57);
  });

  it('reads lines of a large piece as it does those of small ones', () => {
    const output = `${'plain words\n'.repeat(100)}[3/9] c\n${'more of them\n'.repeat(100)}`;
    expect(readOutput([output]).whole).toBe(33.3);
    expect(readOutput([...output]).whole).toBe(33.3);
  });

  it('knows no height of some terminals', () => {
    const output = `${'words\n'.repeat(500)}[3/9] c\n${'words\n'.repeat(500)}`;
    expect(readOutput([output, '4%\n', output], { rows: 0 }).whole).toBe(33.3);
  });

  it('reads a bar in a line of megabytes', () => {
    const drawn = Array.from(
      { length: 60_000 },
      (_, at) => `\b\b\b\b${String(Math.floor(at / 1_080)).padStart(3)}%`,
    );
    expect(readOutput(['  0%', ...drawn]).whole).toBe(55);
  });
});

describe('the whole', () => {
  it('is below 100 while the command lives', () => {
    expect(readOutput(['100%\n']).whole).toBe(99);
    expect(readOutput(['[9/9] last\n']).whole).toBe(88.8);
    expect(readOutput(['[9/9] last one installed\n']).whole).toBe(99);
  });

  it('is of a new phase after a count of all, however few they were', () => {
    expect(readOutput(['[4/4] link\n', '[1/2] pack\n']).steps).toEqual(['part 1:c', 'part 2:r50']);
  });

  it('does not go back a little, unless the total grew', () => {
    expect(readOutput(['57%\n', '55%\n', '58%\n'], { settleEach: true }).wholes).toEqual([57, 58]);
    expect(readOutput(['[5/10]\n', '[6/20]\n'], { settleEach: true }).wholes).toEqual([50, 30]);
  });

  it('makes steps of bars with names that follow each other', () => {
    const output = 'Fetching: 50%\rFetching: 100%\nUnpacking: 0%\rUnpacking: 40%\r';
    expect(readOutput([output]).steps).toEqual(['fetching:c', 'unpacking:r40']);
  });

  it('is not known if each of many things has a bar of its own', () => {
    const output = ['a', 'b', 'c', 'd']
      .map((name) => `${name}: 0%\r${name}: 100%\n`.replace(/\w:/gu, ''))
      .join('');
    expect(readOutput([output]).whole).toBeNull();
  });

  it('is all the bars of a group together', () => {
    const rows = (a: number, b: number) =>
      `\u001b[2K a | ==> | ${a}/100 | ${a}%\n\u001b[2K b | ==> | ${b}/100 | ${b}%\n`;
    const output = [0, 20, 60, 100].map((at) => rows(at, at / 2)).join('\u001b[2A');
    expect(readOutput([output]).wholes).toEqual([0, 15, 45, 75]);
  });

  it('is the outer bar of a loop in a loop, though the inner one comes and goes', () => {
    const clear = (text: string) => `${text}\u001b[K\r`;
    const loop = (at: number) => [
      clear(`epoch: ${at * 25}%|==  | ${at}/4 [00:01<00:03]`),
      ...[0, 50, 100].map((inner) => `\n${clear(`batch: ${inner}%|==  | ${inner / 5}/20`)}\u001b[A`),
      `\n${clear('')}\u001b[A`,
    ];
    const output = [0, 1, 2, 3].flatMap(loop);
    expect(readOutput(output, { settleEach: true }).wholes).toEqual([0, 25, 50, 75]);
  });

  it('is a list of tasks with signs, the running one with its own number', () => {
    const up = '\u001b[3F\u001b[J';
    const output = `⠋ Fetch\n◼ Build\n◼ Deploy\n${up}✔ Fetch\n⠙ Build\n  › 40% done\n◼ Deploy\n`;
    expect(readOutput([output]).steps).toEqual(['Fetch:c', 'Build:r40', 'Deploy:p']);
  });

  it('is a list of tasks though the running one numbers steps of its own', () => {
    const up = '\u001b[3F\u001b[J';
    const output = `⠋ Fetch\n◼ Build\n◼ Pack\n${up}✔ Fetch\n⠙ Build\n  → step 2/5\n◼ Pack\n`;
    expect(readOutput([output]).steps).toEqual(['Fetch:c', 'Build:r40', 'Pack:p']);
  });

  it('is a list of tasks of which those to come have no sign, as soon as one of them has begun', () => {
    const frame = (signs: string) =>
      ['Fetch', 'Build', 'Pack'].map((name, at) => `  ${signs.charAt(at)} ${name}\n`).join('');
    const output = ['⠋  ', '⠙  ', '✔⠙ ', '✔✔⠙', '✔✔✔'].map(frame).join('\u001b[3A\u001b[J');
    const { wholes, steps } = readOutput([output]);
    expect(wholes).toEqual([33.3, 66.6, 99.6]);
    expect(steps).toEqual(['Fetch:c', 'Build:c', 'Pack:r99']);
  });

  it('is such a list from the beginning where the first task says something itself', () => {
    const output = (own: string) => `  ⠋ Fetch\n    ${own}\n    Build\n    Pack\n`;
    const frames = [output('→ 10% sent'), output('→ 60% sent')].join('\u001b[4A\u001b[J');
    expect(readOutput([frames]).steps).toEqual(['Fetch:r60', 'Build:p', 'Pack:p']);
  });

  it('takes what a single spinner tells below itself for no task to come', () => {
    const output = '⠋ Fetch\n  from example.org\n  ━━━ 57%\n';
    expect(readOutput([`${output}\u001b[3A\u001b[J${output}`]).steps).toEqual([':r57']);
  });

  it('is not a list of what was ticked off in a log', () => {
    const up = '\u001b[2F\u001b[J';
    expect(readOutput([`a\nb\n${up}✓ one\n✓ two\n${up}✓ three\n✓ four\n`]).whole).toBeNull();
  });

  it('is one figure if there are more steps than anyone reads', () => {
    const layer = (at: number) => `${at.toString(16).padStart(12, '0')}: `;
    const lines = Array.from(
      { length: 120 },
      (_, at) => `${layer(at)}${at < 30 ? 'Pull complete' : 'Waiting'}\n`,
    );
    expect(readOutput(lines)).toMatchObject({ whole: 25, steps: [':r25'] });
  });

  it('counts the bars of a group that have gone', () => {
    const up = '\u001b[2F\u001b[J';
    const output = `a: 10%\nb: 0%\n${up}a: 90%\nb: 50%\n${up}\nb: 60%\n`;
    expect(readOutput([output]).whole).toBe(80);
  });
});
