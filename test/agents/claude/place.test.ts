import { mkdir, utimes, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { changedRecently, claudeHome, isJobId, isSessionFile } from '../../../src/agents/claude/place.ts';
import { temporaryDirectory } from '../../helpers/temporary-directory.ts';

const NOW = 1_795_950_000_000;
const HOUR = 3_600_000;

describe('where Claude Code keeps its files', () => {
  it.each([
    [{}, '', join(homedir(), '.claude')],
    [{ HOME: '/home/ada' }, '', '/home/ada/.claude'],
    [{ HOME: '/home/ada', CLAUDE_CONFIG_DIR: '/srv/claude' }, '', '/srv/claude'],
    [{ HOME: '/home/ada', CLAUDE_CONFIG_DIR: '~/work' }, '', '/home/ada/work'],
    [{ HOME: '/home/ada', CLAUDE_CONFIG_DIR: '/srv/claude' }, '~/other', '/home/ada/other'],
    [{ HOME: '/home/ada' }, 'other', '/work/other'],
    [{ HOME: '/home/ada' }, '~', '/home/ada'],
    [{ HOME: '/home/ada' }, '~ada/x', '/work/~ada/x'],
    [{ HOME: '', CLAUDE_CONFIG_DIR: '' }, '', join(homedir(), '.claude')],
  ])('is found: %j %s', (env, place, expected) => {
    expect(claudeHome(env, place, '/work')).toBe(expected);
  });

  it('tells sessions and jobs from other files beside them', () => {
    expect(['1001.json', '1001.key', 'x1.json', '1001.json.tmp', '.json'].map(isSessionFile)).toEqual([
      true,
      false,
      false,
      false,
      false,
    ]);
    expect(['07ad8f70', '--help', '-x', '.tmp', 'a b', '../x', 'spare_1'].map(isJobId)).toEqual([
      true,
      false,
      false,
      false,
      false,
      false,
      true,
    ]);
  });
});

describe('whether anything moved in the last day', () => {
  it.each([
    ['sessions/1001.json', 23, true],
    ['sessions/1001.json', 25, false],
    ['sessions/1001.key', 1, false],
    ['jobs/07ad8f70/state.json', 1, true],
    ['jobs/07ad8f70/timeline.jsonl', 1, false],
    ['jobs/07ad8f70/state.json', 30, false],
    ['tasks/my-team/1.json', 2, true],
    ['projects/x.jsonl', 1, false],
  ])('%s, changed %i hours ago: %s', async (name, hours, expected) => {
    await using home = await temporaryDirectory();
    const path = home.file(name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, '{}');
    const at = (NOW - hours * HOUR) / 1000;
    await utimes(path, at, at);
    if (name.startsWith('tasks')) await utimes(dirname(path), at, at);
    expect(await changedRecently({ CLAUDE_CONFIG_DIR: home.path }, NOW)).toBe(expected);
  });

  it.each([
    ['70692597-8d83-499e-8959-332438bd70e6.ndjson', 1, true],
    ['70692597-8d83-499e-8959-332438bd70e6.ndjson', 25, false],
    ['notes.txt', 1, false],
  ])('our hooks told of it in %s, %i hours ago: %s', async (name, hours, expected) => {
    await using home = await temporaryDirectory();
    const journal = home.file(join('run', 'claude', name));
    await mkdir(dirname(journal), { recursive: true, mode: 0o700 });
    await writeFile(journal, '{}');
    const at = (NOW - hours * HOUR) / 1000;
    await utimes(journal, at, at);
    expect(await changedRecently({ TASKGLASS_HOME: home.path }, NOW)).toBe(expected);
  });

  it('is false where there is no such home', async () => {
    expect(await changedRecently({ CLAUDE_CONFIG_DIR: '/nowhere/at/all' }, NOW)).toBe(false);
  });
});
