import { describe, expect, it } from 'vitest';
import { words } from '../../src/model/text.ts';
import { badge, line, segment, withLook } from '../../src/present/line.ts';
import { createPaint, createPlainPaint } from '../../src/ui/theme.ts';

const parts = () => [segment('✗ ', 'bad'), segment('Größe 日本'), segment(' src', 'dim')];
const row = () => line(parts());
const colours = createPaint({ color: true, ascii: false });
const weights = createPaint({ color: false, ascii: false });

describe('painting a line', () => {
  it('turns tones into the colours of the terminal; grey is no colour', () => {
    expect(colours(row())).toBe('\u001b[31m✗ \u001b[39mGröße 日本\u001b[2m src\u001b[22m');
  });

  it('without colours keeps bold, faint and reverse', () => {
    expect(weights(row())).toBe('✗ Größe 日本\u001b[2m src\u001b[22m');
    expect(weights(line([segment('a', 'strong'), badge(words`1 failed`, 'bad')]))).toBe(
      '\u001b[1ma\u001b[22m\u001b[7m 1 failed \u001b[27m',
    );
  });

  it('makes what is over faint as a whole, but for what is marked', () => {
    const over = line(withLook([segment('•', 'strong'), segment('✓', 'ok'), segment(' site')], 'faint'));
    expect(colours(over)).toBe(
      '\u001b[1m•\u001b[22m\u001b[2m\u001b[32m✓\u001b[39m\u001b[22m\u001b[2m site\u001b[22m',
    );
  });

  it('joins what looks alike', () => {
    const chosen = line(parts().map(({ text }) => ({ text, tone: 'bad', look: 'reverse' })));
    expect(colours(chosen)).toBe('\u001b[7m\u001b[31m✗ Größe 日本 src\u001b[39m\u001b[27m');
  });

  it('gives blanks the style of what stands before them, but never takes that away', () => {
    const blank = line([segment('a', 'strong'), segment('  '), segment('b', 'busy'), segment(' ', 'dim')]);
    expect(colours(blank)).toBe('\u001b[1ma  \u001b[22m\u001b[94mb \u001b[39m');
    expect(weights(line([badge(words`x`), segment('  ')]))).toBe('\u001b[7m x \u001b[27m  ');
  });

  it('in ASCII keeps every column', () => {
    expect(createPlainPaint({ ascii: true })(row())).toBe('? Gro?e ???? src');
    expect(createPaint({ color: false, ascii: true })(line([segment('Größe 日本')]))).toBe('Gro?e ????');
  });

  it('that is printed has no escape at all', () => {
    expect(createPlainPaint({ ascii: false })(row())).toBe('✗ Größe 日本 src');
  });
});
