import { writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { testText } from '../../../src/sources/exec/test-command.ts';
import { runHere } from '../../helpers/console.ts';
import { temporaryDirectory } from '../../helpers/temporary-directory.ts';

const wrongIn = (text: string) => testText(text, Date.now()).wrong;
const task = (keys: string) => `{\n"activeTasks": [\n{"taskId": "a", "status": "running"},\n{${keys}}\n]}`;

describe('what is wrong with a state', () => {
  it.each([
    ['"status": "running"', 'line 4: activeTasks[1].taskId: must be a non-empty text'],
    ['"taskId": "", "status": "done"', 'line 4: activeTasks[1].taskId: must be a non-empty text'],
    ['"taskId": "b"', 'line 4: activeTasks[1].status: is missing'],
    [
      '"taskId": "b",\n"status": "wobbly"',
      'line 5: activeTasks[1].status: is not a known word: pending, running, completed, failed or cancelled',
    ],
    [
      '"taskId": "b", "status": "running",\n"startedAt": "yesterday"',
      'line 5: activeTasks[1].startedAt: must be a time: epoch milliseconds, or ISO 8601',
    ],
    [
      '"taskId": "b", "status": "running", "steps": [\n{"name": "x"},\n{"name": 3}]',
      'line 6: activeTasks[1].steps[1].name: must be a text',
    ],
    ['"taskId": "b", "status": "running", "steps": {}', 'line 4: activeTasks[1].steps: must be a list'],
    [
      '"taskId": "b", "status": "running", "url": "javascript:alert(1)"',
      'line 4: activeTasks[1].url: must begin with http:// or https://',
    ],
    [
      '"taskId": "b", "status": "running", "startdAt": 1',
      'line 4: activeTasks[1].startdAt: is not read: did you mean startedAt?',
    ],
  ])('a task with %s', (keys, wrong) => {
    expect(wrongIn(task(keys))).toEqual([wrong]);
  });

  it.each([
    ['[]', /is JSON, but it has no activeTasks/u],
    ['{"activetasks": []}', /it has no activeTasks/u],
    ['{"activeTasks": {}}', /^line 1: activeTasks: must be a list$/u],
    ['{"activeTasks": [\n{]}', /is not JSON \(line 2, column 2\)/u],
    ['{"type": "snapshot"}', /what taskglass --json prints/u],
    [task('"taskId": "a", "status": "failed"'), /the id a is already in use/u],
  ])('%s', (text, wrong) => {
    expect(wrongIn(text).join('\n')).toMatch(wrong);
  });

  it('is no more than can be read', () => {
    const many = JSON.stringify({ activeTasks: Array.from({ length: 500 }, () => ({ taskId: 'x' })) });
    const wrong = wrongIn(many);
    expect(wrong.length).toBeLessThan(30);
    expect(wrong).toContain('and more like this');
  });

  it.each([
    task('"taskId": 7, "status": "In Progress", "startedAt": "2026-11-21T07:45:42Z", "taskName": null'),
    '{"timestamp": 1, "widgets": {}, "activeTasks": [], "ours": 1}',
  ])('nothing: %s', (text) => {
    expect(wrongIn(text)).toEqual([]);
  });
});

describe('taskglass source test', () => {
  const STATE = '{"activeTasks":[{"taskId":"a","status":"running"},{"taskId":"b","status":"failed"}]}';
  const said = async (text: string) => {
    await using directory = await temporaryDirectory();
    await writeFile(directory.file('state.json'), STATE);
    const env = { PATH: process.env.PATH ?? '' };
    return await runHere(['source', 'test', text], { cwd: directory.path, env });
  };

  it.each(['cat state.json', 'exec:cat state.json', 'exec:5m:cat state.json'])(
    '%s tells how many tasks are read',
    async (text) => {
      expect(await said(text)).toEqual({
        code: 0,
        stdout: expect.stringMatching(/^cat ended after \d+ ms\n2 tasks are read: 1 running, 1 failed\n$/u),
        stderr: '',
      });
    },
  );

  it('reads the first lines of a command that keeps running', async () => {
    expect(await said('execd:while cat state.json; do echo; sleep 0.1; done')).toEqual({
      code: 0,
      stdout: [1, 2, 3].map((n) => `line ${n} printed: 2 tasks are read: 1 running, 1 failed\n`).join(''),
      stderr: '',
    });
  });

  it.each([
    ['cat state.json; echo oops >&2; exit 3', /source test: cat ended with code 3: oops$/mu],
    ['no-such-program', /ended with code 127/u],
    ['true', /true prints nothing/u],
    ['echo nonsense', /what it prints is not JSON \(column 2\)/u],
    [`echo '{"activeTasks":[{"taskId":1}]}'`, /source test: line 1: activeTasks\[0\]\.status: is missing$/mu],
    ['execd:echo nonsense; exit 2', /ended with code 2[\s\S]*line 1 printed: what it prints is not JSON/u],
  ])('%s: says what is wrong', async (text, wrong) => {
    const { code, stderr } = await said(text);
    expect(code).toBe(1);
    expect(stderr).toMatch(wrong);
  });

  it.each(['', 'exec:', 'exec:0s:x', 'execd: '])('%j is no command', async (text) => {
    expect(await said(text)).toMatchObject({ code: 2, stdout: '' });
  });
});
