import { describe, expect, it } from 'vitest';
import { isSameName } from '../../src/io/watch-name.ts';

const COMPOSED = 'Ausgab\u00e9.json';
const DECOMPOSED = 'Ausgabe\u0301.json';

describe('a name that the system tells of', () => {
  it('is that of the file in any form of its letters on macOS', () => {
    expect(isSameName(DECOMPOSED, COMPOSED, 'darwin')).toBe(true);
    expect(isSameName(COMPOSED, DECOMPOSED, 'darwin')).toBe(true);
    expect(isSameName(DECOMPOSED.toUpperCase(), COMPOSED, 'darwin')).toBe(true);
    expect(isSameName('STRASSE', 'straße', 'darwin')).toBe(true);
  });

  it('is so in either case on Windows, which tells forms apart', () => {
    expect(isSameName('STATE.JSON', 'state.json', 'win32')).toBe(true);
    expect(isSameName(DECOMPOSED, COMPOSED, 'win32')).toBe(false);
  });

  it('is another one on Linux unless it is the same to the letter', () => {
    expect(isSameName('STATE.JSON', 'state.json', 'linux')).toBe(false);
    expect(isSameName(DECOMPOSED, COMPOSED, 'linux')).toBe(false);
    expect(isSameName(COMPOSED, COMPOSED, 'linux')).toBe(true);
  });

  it.each(['darwin', 'win32', 'linux'] as const)('is not that of its neighbour (%s)', (platform) => {
    expect(isSameName('state.json', 'state.jsonl', platform)).toBe(false);
    expect(isSameName('Ausgabe.json', COMPOSED, platform)).toBe(false);
  });
});
