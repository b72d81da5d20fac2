import { describe, expect, it } from 'vitest';
import { readOutput } from '../../helpers/found-progress.ts';

/** A generator of numbers from 0 to 1 that is the same each time (a linear congruence). */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648;
  };
}

const ESC = '\u001b';
const steps = Array.from({ length: 21 }, (_, at) => at * 5);

/** Outputs of every way to draw, each from 0 to 100 %. */
const OUTPUTS: Readonly<Record<string, string>> = {
  lines: steps.map((at) => `[${at}/100] Building ü${at}.o\n`).join(''),
  carriage: steps.map((at) => `\rDownloading Größe ${at}%|█▋  | `).join(''),
  backspaces: `at ${steps.map((at) => `${String(at).padStart(3)}%\b\b\b\b`).join('')}`,
  columns: steps.map((at) => `${ESC}[1G${ESC}[2K⠋ ${at}%`).join(''),
  saved: steps.map((at) => `${ESC}7 ${at}% ▕██▏${ESC}8`).join(''),
  group: steps
    .map((at) => `a ━━━ ${at}%\nb ━━━ ${Math.floor(at / 2)}%\n`)
    .join(`${ESC}[2K${ESC}[1A${ESC}[2K${ESC}[1A${ESC}[2K`),
  statuses: steps.map((at) => `x${ESC}]7501;state=working:progress=${at}${ESC}\\`).join('y 3%\n'),
  bars: steps.map((at) => `${ESC}]9;4;1;${at}\u0007 z 3%\r`).join(''),
  json: steps.map((at) => `{"message_type":"status","percent_done":${at / 100}}\n`).join(''),
  curl: steps
    .map((at) => `\r ${at} 1000M  ${at}  420M    0     0  10.0M      0  0:01:35  0:00:40  0:00:55 10.0M`)
    .join(''),
  phases: `${steps.map((at) => `Fetching: ${at}%\r`).join('')}\n${steps.map((at) => `Unpacking: ${at}%\r`).join('')}`,
  git: ['Counting', 'Compressing', 'Receiving']
    .map((word) => steps.map((at) => `${word} objects: ${String(at).padStart(3)}% (${at}/100)\r`).join(''))
    .join('\n'),
  stages: [1, 2, 3]
    .map((at) => `#${at} [a ${at}/3] RUN x\n#1${at} [b ${at}/4] RUN y\n#${at} DONE 1s\n`)
    .join(''),
};

function cut(output: string, random: () => number, most: number): Buffer[] {
  const bytes = Buffer.from(output);
  const pieces = [];
  for (let at = 0; at < bytes.length; ) {
    const next = at + 1 + Math.floor(random() * most);
    pieces.push(bytes.subarray(at, next));
    at = next;
  }
  return pieces;
}

describe.each(Object.entries(OUTPUTS))('%s', (name, output) => {
  it('give the same result, however they are cut', () => {
    const whole = readOutput([output]);
    expect(whole.whole).not.toBeNull();
    for (let seed = 1; seed <= 20; seed += 1) {
      const pieces = cut(output, createRandom(seed), seed % 2 ? 4 : 60);
      expect(readOutput(pieces).steps).toEqual(whole.steps);
    }
    expect(readOutput([...output]).steps).toEqual(whole.steps);
  });

  it('never show 100, and go back only where a new phase began', () => {
    const { wholes } = readOutput(cut(output, createRandom(7), 30));
    const figures = wholes.map((figure) => figure ?? 0);
    expect(Math.max(...figures)).toBeLessThan(100);
    const falls = figures.filter((figure, index) => figure < (figures[index - 1] ?? 0)).length;
    expect(falls).toBe(name === 'phases' ? 1 : 0);
  });
});

describe('output of any bytes', () => {
  it('is read without an error, and never as the end', () => {
    const words = [
      '57%',
      '\r',
      '\n',
      `${ESC}[2A`,
      `${ESC}[`,
      '1/4',
      '[',
      ']',
      'of',
      ' ',
      '\b',
      `${ESC}]7501;`,
      ESC,
      '\u0007',
      '{',
      '}',
      'é',
    ];
    for (let seed = 1; seed <= 200; seed += 1) {
      const random = createRandom(seed);
      const pieces = Array.from({ length: 200 }, () => words[Math.floor(random() * words.length)] ?? '');
      const { whole } = readOutput(pieces, { settleEach: seed % 2 === 0 });
      expect(whole ?? 0).toBeLessThan(100);
    }
  });
});
