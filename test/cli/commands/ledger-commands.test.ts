import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TaskTrackingService } from '../../../src/ledger/service.ts';
import type { LedgerTransfer } from '../../../src/ledger/types.ts';
import { runHere } from '../../helpers/console.ts';
import { refusalOf } from '../../helpers/ledger.ts';

let cwd = '';
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'ledger-commands-'));
});
afterEach(() => rmSync(cwd, { recursive: true }));

const ledger = (...words: string[]) => runHere(['ledger', ...words], { cwd });
const touch = (what: string) => `touch ${join(cwd, `ran-${what}`)}`;
const PLACES = ['verify', 'before', 'after', 'rollback'];

/** A stranger's task with a command in each place, one of them under a harmless name. */
const hostile = (id = 'T1') => ({
  id,
  name: `Job ${id}`,
  verification: { name: 'spell check', command: touch('verify') },
  beforeCompletion: [['sh', '-c', touch('before')]],
  afterCompletion: [touch('after')],
  rollback: touch('rollback'),
});
const exported = (definition: object) => ({
  format: 'taskglass-ledger',
  version: 1,
  exportedAt: 1,
  tasks: [{ definition, runs: [], history: [], notes: [] }],
});
const write = (name: string, document: object) => writeFileSync(join(cwd, name), JSON.stringify(document));

describe.each([
  ['an export', () => exported(hostile())],
  ['definitions', () => ({ format: 'taskglass-ledger', version: 1, tasks: [hostile()] })],
  [
    'a task breakdown',
    () => ({
      generated_at: 'x',
      total_tasks: 1,
      tasks: [
        {
          id: 'T1',
          description: 'Job T1',
          dependencies: [],
          status: 'pending',
          taskglass_ledger: exported(hostile()),
        },
      ],
    }),
  ],
])('%s that brings commands along', (_what, document) => {
  it('is refused as a whole, with what it would run', async () => {
    write('list.json', document());
    const { code, stdout, stderr } = await ledger('import', 'list.json');
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain('4 commands come with one task');
    expect(stderr).toContain(`T1, verification: ${touch('verify')}`);
    expect(stderr).toContain('--allow-commands');
    expect((await ledger('complete-task', 'T1')).code).not.toBe(0);
    expect(PLACES.filter((place) => existsSync(join(cwd, `ran-${place}`)))).toEqual([]);
  });

  it('is taken in where that is allowed, and every look at the task shows them', async () => {
    write('list.json', document());
    expect((await ledger('import', 'list.json', '--allow-commands')).stdout).toContain(
      `imported 1 task, with 4 commands\n  T1: verification: ${touch('verify')}\n`,
    );
    const card = (await ledger('task-status', 'T1')).stdout.replace(/\s+/gu, ' ');
    for (const place of PLACES) expect(card).toContain(join(cwd, `ran-${place}`));
    expect((await ledger('list-tasks')).stdout).toMatch(/RUNS[\s\S]* 4: touch /u);
    for (const verb of [['list-tasks'], ['task-status', 'T1']]) {
      const { stdout } = await ledger(...verb, '--json');
      for (const place of PLACES) expect(stdout).toContain(`ran-${place}`);
    }
    expect(PLACES.filter((place) => existsSync(join(cwd, `ran-${place}`)))).toEqual([]);
  });

  it('comes back from an export of one’s own without a question, unless it has changed', async () => {
    write('list.json', document());
    await ledger('import', 'list.json', '--allow-commands');
    for (const format of ['json', 'breakdown']) {
      const { stdout } = await ledger('export', '--format', format);
      writeFileSync(join(cwd, 'own.json'), stdout);
      expect((await ledger('import', 'own.json', '--on-conflict', 'replace')).code).toBe(0);
      writeFileSync(join(cwd, 'own.json'), stdout.replaceAll('ran-after', 'ran-else'));
      expect((await ledger('import', 'own.json', '--on-conflict', 'replace')).stderr).toContain(
        '1 command comes with one task',
      );
      expect((await ledger('import', 'own.json', '--db', `${format}.db`)).code).toBe(2);
    }
  });
});

describe('commands elsewhere', () => {
  it('are refused by the library too', async () => {
    const service = await TaskTrackingService.open({ path: join(cwd, 'x.db') });
    await service.register(hostile());
    const transfer: LedgerTransfer = await service.exportTasks();
    const copy = await TaskTrackingService.open({ path: join(cwd, 'copy.db') });
    const { code, problem } = await refusalOf(copy.importTasks(transfer));
    expect([code, problem.kind]).toEqual(['commands', 'not-allowed']);
    expect(await copy.count()).toBe(0);
    expect((await copy.importTasks(transfer, { allowCommands: true })).commands).toHaveLength(4);
    await service.close();
    await copy.close();
  });

  it('in a file of definitions are told to the person who registers it', async () => {
    write('tasks.json', { tasks: [hostile()] });
    const { code, stderr } = await runHere(['ledger', 'register', 'tasks.json'], { cwd, hasTerminal: true });
    expect(code).toBe(0);
    expect(stderr).toContain('4 commands registered');
    expect(stderr).toContain(touch('rollback'));
    expect(await ledger('register', '--replace', 'tasks.json')).toMatchObject({ code: 0, stderr: '' });
  });

  it('cannot hide behind a line break or a sign that is not seen', async () => {
    write('list.json', exported({ id: 'T1', verification: `true #\n${touch('verify')}\u202e` }));
    const { stderr } = await ledger('import', 'list.json');
    expect(stderr).toContain(`true #\\n${touch('verify')}`);
    expect(stderr).not.toContain('\u202e');
  });

  it.runIf(process.getuid?.() === 0)(
    'of another user’s ledger are not run unless that is allowed',
    async () => {
      const { chownSync } = await import('node:fs');
      write('list.json', exported(hostile()));
      await ledger('import', 'list.json', '--db', 'theirs.db', '--allow-commands');
      chownSync(join(cwd, 'theirs.db'), 65_534, 65_534);
      const refused = await ledger('complete-task', 'T1', '--db', 'theirs.db');
      expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining('belongs to another user') });
      expect((await ledger('verify-task', 'T1', '--db', 'theirs.db')).code).toBe(2);
      expect(existsSync(join(cwd, 'ran-verify'))).toBe(false);
      expect((await ledger('complete-task', 'T1', '--db', 'theirs.db', '--allow-commands')).code).toBe(0);
      expect(existsSync(join(cwd, 'ran-verify'))).toBe(true);
    },
  );
});
