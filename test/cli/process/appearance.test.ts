import { describe, expect, it } from 'vitest';
import { isInteractive, wantsAscii, wantsColor, wantsSpeech } from '../../../src/cli/process/appearance.ts';

const on = (env: Record<string, string>, isTTY = true) => ({
  env: { LANG: 'C.UTF-8', ...env },
  stdout: { isTTY } as NodeJS.WriteStream,
});

describe('a terminal', () => {
  it.each([
    ['xterm-256color', { color: true, ascii: false }],
    ['screen', { color: true, ascii: false }],
    ['screen.xterm-256color', { color: true, ascii: false }],
    ['tmux-256color', { color: true, ascii: false }],
    ['linux', { color: true, ascii: true }],
    ['linux-m', { color: false, ascii: true }],
    ['ansi', { color: true, ascii: true }],
    ['vt100', { color: false, ascii: true }],
    ['vt220', { color: false, ascii: true }],
    ['xterm-mono', { color: false, ascii: false }],
  ])('of type %s is drawn on', (TERM, { color, ascii }) => {
    expect(isInteractive(on({ TERM }))).toBe(true);
    expect(wantsColor(true, on({ TERM }))).toBe(color);
    expect(wantsAscii(undefined, on({ TERM }))).toBe(ascii);
  });

  it.each(['ACCESSIBLE', 'INK_SCREEN_READER'])('is spoken to with %s, and not drawn on', (name) => {
    const listens = on({ TERM: 'xterm', [name]: '1' });
    expect(wantsSpeech(undefined, listens)).toBe(true);
    expect(isInteractive(listens)).toBe(false);
    expect(wantsSpeech(false, listens)).toBe(false);
    expect(wantsSpeech(undefined, on({ TERM: 'xterm', [name]: '0' }))).toBe(false);
    expect(wantsSpeech(undefined, on({ TERM: 'xterm', [name]: '1' }, false))).toBe(false);
  });

  it.each(['dumb', 'unknown', 'dialup', 'network', 'emacs', ''])('of type "%s" gets plain lines', (TERM) => {
    expect(isInteractive(on({ TERM }))).toBe(false);
    expect(wantsColor(true, on({ TERM }))).toBe(false);
    expect(wantsAscii(undefined, on({ TERM }))).toBe(TERM !== '');
  });

  it('that does not say what it is gets plain lines, too', () => {
    expect(isInteractive(on({}))).toBe(process.platform === 'win32');
  });

  it.each([
    [{ WT_SESSION: '5a1f' }, false],
    [{ TERM_PROGRAM: 'vscode' }, false],
    [{ ConEmuTask: '{cmd}' }, false],
    [{ TERM: 'xterm-256color' }, false],
    [{}, true],
    [{ WT_SESSION: '5a1f', LANG: 'de_DE.ISO8859-1' }, true],
    [{ LANG: 'en_US.UTF-8' }, false],
  ])('on Windows is judged by what it is, as no locale is set there: %o', (env, isAscii) => {
    expect(wantsAscii(undefined, { env }, 'win32')).toBe(isAscii);
  });

  it('elsewhere draws ASCII without a locale, whatever it is', () => {
    expect(wantsAscii(undefined, { env: { WT_SESSION: '5a1f', TERM: 'xterm' } }, 'linux')).toBe(true);
  });

  it('that is none, or that nobody looks at, likewise', () => {
    expect(isInteractive(on({ TERM: 'xterm' }, false))).toBe(false);
    expect(isInteractive(on({ TERM: 'xterm', CI: 'true' }))).toBe(false);
  });
});
