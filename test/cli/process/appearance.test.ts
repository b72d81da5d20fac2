import { describe, expect, it } from 'vitest';
import { isInteractive, wantsAscii, wantsColor } from '../../../src/cli/process/appearance.ts';

const on = (env: Record<string, string>, isTTY = true) => ({
  env: { LANG: 'C.UTF-8', ...env },
  stdout: { isTTY } as NodeJS.WriteStream,
});

describe('a terminal', () => {
  it.each(['xterm-256color', 'screen', 'linux', 'vt100', 'ansi'])('of type %s is drawn on', (TERM) => {
    expect(isInteractive(on({ TERM }))).toBe(true);
    expect(wantsColor(true, on({ TERM }))).toBe(true);
  });

  it.each(['dumb', 'unknown', 'dialup', 'network', 'emacs', ''])('of type "%s" gets plain lines', (TERM) => {
    expect(isInteractive(on({ TERM }))).toBe(false);
    expect(wantsColor(true, on({ TERM }))).toBe(false);
    expect(wantsAscii(undefined, on({ TERM }))).toBe(TERM !== '');
  });

  it('that does not say what it is gets plain lines, too', () => {
    expect(isInteractive(on({}))).toBe(process.platform === 'win32');
  });

  it('that is none, or that nobody looks at, likewise', () => {
    expect(isInteractive(on({ TERM: 'xterm' }, false))).toBe(false);
    expect(isInteractive(on({ TERM: 'xterm', CI: 'true' }))).toBe(false);
  });
});
