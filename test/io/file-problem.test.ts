import { describe, expect, it } from 'vitest';
import { systemProblem } from '../../src/io/file-problem.ts';
import { problemText } from '../../src/model/problem.ts';

const told = (code: string, platform: NodeJS.Platform) =>
  problemText(
    systemProblem(Object.assign(new Error(code), { code }), '/Users/a/Desktop/state.json', platform),
  );

describe('why a file cannot be read', () => {
  it('is a matter of rights on Linux, whichever way it is refused', () => {
    expect(told('EACCES', 'linux')).toContain('chmod');
    expect(told('EPERM', 'linux')).toBe(told('EACCES', 'linux'));
  });

  it('is macOS itself if not the rights: no chmod helps there', () => {
    expect(told('EACCES', 'darwin')).toContain('chmod');
    expect(told('EPERM', 'darwin')).toMatch(/Privacy & Security/u);
    expect(told('EPERM', 'darwin')).not.toContain('chmod');
  });

  it('is often another program on Windows, which lets go of it', () => {
    for (const code of ['EACCES', 'EPERM', 'EBUSY']) {
      expect(told(code, 'win32')).toMatch(/another program.*retrying/u);
      expect(told(code, 'win32')).not.toContain('chmod');
    }
  });

  it.each(['linux', 'darwin', 'win32'] as const)('is that there is none on %s', (platform) => {
    expect(systemProblem(Object.assign(new Error(), { code: 'ENOENT' }), 'x', platform).kind).toBe('missing');
  });
});
