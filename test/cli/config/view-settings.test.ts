import { mkdir, writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { runHere } from '../../helpers/console.ts';
import { temporaryDirectory } from '../../helpers/temporary-directory.ts';

/** Runs `taskglass …args` with this configuration. */
async function withConfig(config: unknown, args: readonly string[], env: Record<string, string> = {}) {
  await using directory = await temporaryDirectory();
  await mkdir(directory.file('.home'));
  const file = directory.file('.home/config.json');
  await writeFile(file, JSON.stringify(config));
  const said = await runHere(args, { cwd: directory.path, env });
  return { ...said, stderr: said.stderr.replaceAll(file, 'FILE') };
}

const settingOf = (stdout: string, name: string) =>
  JSON.parse(stdout).settings.find((setting: { name: string }) => setting.name === name).value;

describe('named views', () => {
  it('are shown with what they leave out', async () => {
    const views = [
      { name: 'mine', filter: 'a | b' },
      { name: 'by host', group: 'host', sort: 'name' },
    ];
    const expected = [
      { name: 'mine', filter: 'a | b', sort: 'urgency', group: 'none' },
      { name: 'by host', filter: '', sort: 'name', group: 'host' },
    ];
    const { stdout, stderr } = await withConfig({ views }, ['config', '--json']);
    expect([settingOf(stdout, 'views'), stderr]).toEqual([expected, '']);
    expect((await withConfig({ views }, ['config'])).stdout).toMatch(/^views +mine, by host +file /mu);
    const set = await withConfig({}, ['config', '--json'], { TASKGLASS_VIEWS: JSON.stringify(views) });
    expect(settingOf(set.stdout, 'views')).toEqual(expected);
    expect((await withConfig({}, ['config'])).stdout).toMatch(
      /^views +needs you, running, failed, ended +default /mu,
    );
    expect(settingOf((await withConfig({ views: [] }, ['config', '--json'])).stdout, 'views')).toEqual([]);
  });

  it.each([
    [{}, 'views: it must be a list of'],
    [['failed'], 'views.0: it must be an object with a name'],
    [[{ filter: 'x' }], 'views.0.name: it must be a string'],
    [[{ name: '' }], 'views.0.name: it must not be empty'],
    [[{ name: 'x'.repeat(25) }], 'views.0.name: it must be at most 24 characters'],
    [[{ name: 'a' }, { name: 'a' }], 'views.1.name: it is the name of another view, too'],
    [[{ name: 'a', sort: 'size' }], 'views.0.sort: it must be one of urgency, name'],
    [[{ name: 'a', group: 'size' }], 'views.0.group: it must be one of none, status'],
    [[{ name: 'a', filter: 7 }], 'views.0.filter: it must be a string'],
    [[{ name: 'a', colour: 'red' }], 'views.0: it has no "colour"; it has name, filter, sort, group'],
    [
      Array.from({ length: 10 }, (_, at) => ({ name: `v${at}` })),
      'views: it has 10 views, but there are 9 digits',
    ],
  ])('%j: %s', async (views, said) => {
    const { code, stderr } = await withConfig({ views }, ['--once']);
    expect([code, stderr]).toEqual([2, expect.stringContaining(`taskglass: FILE: ${said}`)]);
    expect(stderr.split('\n')).toHaveLength(2);
  });
});

describe('keys', () => {
  it('are listed with what they are bound to', async () => {
    const { code, stdout, stderr } = await withConfig({ keys: { cancel: 'ctrl+x', copy: ['y', 'f5'] } }, [
      'config',
      'keys',
    ]);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^cancel +Ctrl-X +cancel$/mu);
    expect(stdout).toMatch(/^copy +y F5 +copy the id$/mu);
    expect(stdout).toMatch(/^view-9 +9 +named view$/mu);
    const set = await withConfig({}, ['config', 'keys', '--json'], {
      TASKGLASS_KEYS: 'cancel=ctrl+x sort=none',
    });
    const { keys } = JSON.parse(set.stdout);
    expect(keys).toContainEqual(expect.objectContaining({ name: 'cancel', keys: ['ctrl-x'] }));
    expect(keys).toContainEqual(expect.objectContaining({ name: 'sort', keys: [] }));
  });

  it('that cannot be bound are said, where they stand; the rest counts', async () => {
    const keys = { cancel: 'ctrl+c', retry: 'R', cancle: 'x' };
    const said = [
      'taskglass: FILE: keys.cancel: "ctrl+c" always quits (until then its default key applies)',
      'taskglass: FILE: keys.cancle: no such action (did you mean cancel?)',
      '',
    ].join('\n');
    const listed = await withConfig({ keys }, ['config', 'keys']);
    expect([listed.code, listed.stderr]).toEqual([2, said]);
    expect(listed.stdout).toMatch(/^retry +R +retry$/mu);
    const shown = await withConfig({ keys }, ['config']);
    expect([shown.code, shown.stderr]).toEqual([0, said]);
  });

  it.each([[['x']], ['x'], [7]])('are an object, not %j', async (keys) => {
    const { code, stderr } = await withConfig({ keys }, ['--once']);
    expect([code, stderr]).toEqual([
      2,
      expect.stringContaining('taskglass: FILE: keys: it must be an object'),
    ]);
  });
});
