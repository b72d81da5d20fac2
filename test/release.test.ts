import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { nextVersion, releasedChangelog } from '../scripts/release.ts';

describe('a release', () => {
  it.each([
    ['0.1.9', 'patch', '0.1.10'],
    ['0.1.9', 'minor', '0.2.0'],
    ['0.1.9', 'major', '1.0.0'],
    ['0.1.9', '0.1.9', '0.1.9'],
  ])('of %s as %s is %s', (current, wanted, next) => {
    expect(nextVersion(current, wanted)).toBe(next);
  });

  it.each(['', 'mayor', '1.2', 'v1.2.3', '1.2.3-rc.1'])('refuses the version %j', (wanted) => {
    expect(() => nextVersion('0.1.0', wanted)).toThrow('say major, minor, patch');
  });

  it('dates what is unreleased, and changes nothing else', () => {
    const text = '# Changelog\n\n## [Unreleased]\n\n### Added\n\n- A.\n\n## [0.1.0] - 2026-01-01\n\n- B.\n';
    expect(releasedChangelog(text, '0.2.0', '2026-12-01')).toBe(
      '# Changelog\n\n## [Unreleased]\n\n## [0.2.0] - 2026-12-01\n\n### Added\n\n- A.\n\n## [0.1.0] - 2026-01-01\n\n- B.\n',
    );
  });

  it.each([
    ['# Changelog\n', 'no "## [Unreleased]"'],
    ['## [Unreleased]\n\n## [0.1.0] - 2026-01-01\n\n- B.\n', 'nothing that is unreleased'],
    ['## [Unreleased]\n\n- A.\n\n## [0.2.0] - 2026-01-01\n', 'has 0.2.0 already'],
  ])('is refused where the changelog is %j', (text, why) => {
    expect(() => releasedChangelog(text, '0.2.0', '2026-12-01')).toThrow(why);
  });

  it('could be made of the changelog as it is', () => {
    const text = readFileSync(join(import.meta.dirname, '..', 'CHANGELOG.md'), 'utf8');
    expect(releasedChangelog(text, '999.0.0', '2026-12-01')).toContain('## [999.0.0] - 2026-12-01');
  });
});
