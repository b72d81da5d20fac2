import { describe, expect, it } from 'vitest';
import { line, segment } from '../../src/present/line.ts';
import { createPaint } from '../../src/ui/theme.ts';

const row = () => line([segment('✗ ', 'bad'), segment('Größe 日本'), segment(' src', 'dim')]);

describe('painting a line', () => {
  it('turns tones into the colours of the terminal', () => {
    const paint = createPaint({ color: true, ascii: false });
    expect(paint(row())).toBe('\u001b[31m✗ \u001b[39mGröße 日本\u001b[90m src\u001b[39m');
  });

  it('without colours writes no escape at all', () => {
    expect(createPaint({ color: false, ascii: false })(row())).toBe('✗ Größe 日本 src');
  });

  it('in ASCII keeps every column', () => {
    expect(createPaint({ color: false, ascii: true })(row())).toBe('? Gro?e ???? src');
  });
});
