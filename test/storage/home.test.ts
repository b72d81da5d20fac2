import { homedir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { claudeHome } from '../../src/agents/claude/place.ts';
import { codexHome } from '../../src/sources/codex/place.ts';
import { geminiHome } from '../../src/sources/gemini/place.ts';
import { databaseOf } from '../../src/sources/opencode/place.ts';
import { usualDirectory } from '../../src/sources/pueue/state-file.ts';
import { homeOf, placeFrom } from '../../src/storage/home.ts';

const HOMES = [
  [{ HOME: '/home/mia' }, '/home/mia'],
  [{ HOME: '' }, homedir()],
  [{ HOME: 'relative' }, homedir()],
  [{}, homedir()],
] as const;

describe.each(HOMES)('with %j', (env, home) => {
  it('the home is one that is no matter of the current directory', () => {
    expect(homeOf(env)).toBe(home);
  });

  it.each([
    ['~', ''],
    ['~/x', 'x'],
    ['~/a/../b', 'b'],
  ])('%s lies in it', (place, below) => {
    expect(placeFrom(place, env, '/work')).toBe(join(home, below));
  });

  it.each(['~mia/x', './~/x', 'x~'])('%s does not', (place) => {
    expect(placeFrom(place, env, '/work')).toBe(join('/work', place));
  });

  it('each program has its own there, and takes ~ in what is named', () => {
    expect(claudeHome(env)).toBe(join(home, '.claude'));
    expect(claudeHome(env, '~/c')).toBe(join(home, 'c'));
    expect(codexHome('', env, '/work')).toBe(join(home, '.codex'));
    expect(codexHome('~/c', env, '/work')).toBe(join(home, 'c'));
    expect(geminiHome('', env, '/work')).toBe(join(home, '.gemini'));
    expect(geminiHome('~/c', env, '/work')).toBe(join(home, 'c'));
    expect(databaseOf('', env, '/work')).toBe(join(home, '.local/share/opencode/opencode.db'));
    expect(databaseOf('~/c', env, '/work')).toBe(join(home, 'c/opencode.db'));
    if (process.platform === 'linux') expect(usualDirectory(env)).toBe(join(home, '.local/share/pueue'));
  });
});
