import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { copyFileSync, readdirSync, readFileSync, renameSync, rmSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { migrateLedger } from '../../../src/ledger/open.ts';
import { TaskTrackingService } from '../../../src/ledger/service.ts';
import { sourceId } from '../../../src/model/id.ts';
import { createLedgerSource } from '../../../src/sources/ledger/source.ts';
import { createFileSource, createFileSources } from '../../../src/sources/open/file-source.ts';
import { eventually } from '../../helpers/eventually.ts';
import { hurriedClock } from '../../helpers/hurried-clock.ts';
import { openJobDatabase } from '../../helpers/job-database.ts';
import { temporaryDirectory } from '../../helpers/temporary-directory.ts';
import { commandContext, openView, type View } from '../source-contract.ts';

let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
let path: string;
let ledger: TaskTrackingService;
let view: View;
beforeEach(async () => {
  directory = await temporaryDirectory();
  path = directory.file('ledger.db');
  ledger = await TaskTrackingService.open({ path, by: 'ann' });
});
afterEach(async () => {
  await view?.close();
  await ledger.close();
  await directory[Symbol.asyncDispose]();
});

const source = (at = path) => createLedgerSource({ id: sourceId('ledger'), path: at, clock: hurriedClock });
const open = async (at = path) => {
  view = openView(source(at));
  await view.live();
};

describe('a task of the ledger', () => {
  test('is shown with its steps, weights, labels, notes and dependencies', async () => {
    await ledger.register([
      { id: 'dump', name: 'Dump it', steps: ['read', { name: 'write', weight: 3 }], labels: { team: 'ops' } },
      {
        id: 'pack',
        name: 'Pack it',
        dependencies: ['dump'],
        priority: 2,
        module: 'core',
        job: 'Nightly',
        description: 'all of it',
      },
    ]);
    await ledger.start('dump');
    await ledger.update('dump', { step: { name: 'read', status: 'completed' } });
    await ledger.note('dump', 'half way');
    await open();

    expect(view.task('dump')).toMatchObject({
      name: 'Dump it',
      state: { status: 'running', reason: null },
      steps: [
        { index: 0, name: 'read', status: 'completed', weight: 1 },
        { index: 1, name: 'write', status: 'pending', weight: 3 },
      ],
      labels: { team: 'ops' },
      notes: [{ text: 'ann: half way' }],
      startedAt: expect.any(Number),
      attempts: 1,
    });
    expect(view.task('pack')).toMatchObject({
      state: { status: 'waiting', reason: null },
      waitsFor: ['ledger/dump'],
      dependencies: ['ledger/dump'],
      priority: 2,
      labels: { module: 'core', job: 'Nightly', description: 'all of it' },
    });
  });

  test('that others wait for lets them go when it is completed, and blocks them when it fails', async () => {
    await ledger.register([{ id: 'dump' }, { id: 'pack', dependencies: ['dump'] }]);
    await open();
    await ledger.fail('dump', { error: 'no disk' });
    await eventually(() => expect(view.task('pack').blockedBy).toEqual(['ledger/dump']));
    await ledger.reset('dump');
    await eventually(() => expect(view.task('pack').blockedBy).toBeUndefined());
    expect(view.task('pack').waitsFor).toEqual(['ledger/dump']);
    expect(view.task('dump').attempts).toBe(2);
    await ledger.complete('dump', { result: '3 GB' });
    await eventually(() => expect(view.statuses()).toEqual({ dump: 'completed', pack: 'queued' }));
    expect(view.task('dump').state).toMatchObject({ result: '3 GB' });
  });

  test('that was done before knows how long it took', async () => {
    await ledger.register({ id: 'dump' });
    await ledger.start('dump');
    await ledger.complete('dump');
    await ledger.reset('dump');
    await ledger.start('dump');
    await open();
    expect(view.task('dump')).toMatchObject({ pastDurationsMs: [expect.any(Number)], labels: { run: '2' } });
  });

  test('hides what runs at its end from the raw document: commands may hold secrets', async () => {
    await ledger.register({ id: 'dump', verification: 'curl -H "Authorization: hunter2" localhost' });
    await open();
    expect(JSON.stringify(view.task('dump'))).not.toContain('hunter2');
  });
});

describe('a ledger', () => {
  test('of several pages is shown whole, and each change among them', async () => {
    const ids = Array.from({ length: 4_100 }, (_, index) => `T${index}`);
    await ledger.register(ids.map((id) => ({ id })));
    await open();
    expect(Object.keys(view.statuses())).toHaveLength(4_100);
    const before = view.task('T1');
    await ledger.start('T4099');
    await eventually(() => expect(view.statuses().T4099).toBe('running'));
    expect(view.task('T1')).toBe(before);
    expect(view.events.filter(({ type }) => type === 'changed')).toHaveLength(1);
  });

  test('in the hands of another process: each single change arrives', { timeout: 60_000 }, async () => {
    await ledger.register({ id: 'watched' });
    await open();
    const other = spawn(process.execPath, [join(import.meta.dirname, 'other-writer.ts'), path], {
      stdio: ['pipe', 'inherit', 'inherit'],
    });
    // None of them is followed by another one that would bring it along.
    for (let change = 1; change <= 100; change += 1) {
      other.stdin.write(`Change ${change}\n`);
      await eventually(() => expect(view.task('watched').name).toBe(`Change ${change}`));
    }
    other.stdin.end();
    await once(other, 'close');
  });

  test('is replaced by another: what was in the first is gone', async () => {
    await ledger.register({ id: 'old' });
    const other = await TaskTrackingService.open({ path: directory.file('other.db') });
    await other.register([{ id: 'new' }, { id: 'newer' }]);
    await other.close();
    await open();
    await ledger.close();
    renameSync(directory.file('other.db'), path);
    await eventually(() => expect(view.statuses()).toEqual({ new: 'queued', newer: 'queued' }));
  });

  test('may be deleted, come back and be cut', { timeout: 60_000 }, async () => {
    await ledger.register({ id: 'dump' });
    await ledger.close();
    copyFileSync(path, directory.file('copy'));
    await open();
    rmSync(path);
    await eventually(() => expect(view.record().problem?.kind).toBe('missing'));
    expect(view.statuses()).toEqual({ dump: 'queued' });
    renameSync(directory.file('copy'), path);
    await view.live();
    truncateSync(path, 9_000);
    await eventually(() => expect(view.record().problem?.kind).toBe('malformed'));
  });

  test('of a newer taskglass, or with altered tables, is named', async () => {
    await ledger.register({ id: 'dump' });
    await ledger.close();
    const database = new DatabaseSync(path);
    database.exec("INSERT INTO ledger_migrations VALUES (99, 'x')");
    view = openView(source());
    await eventually(() => expect(view.record().problem?.message).toContain('newer taskglass'));
    database.exec('DELETE FROM ledger_migrations WHERE version = 99; DROP INDEX task_notes_by_task');
    await eventually(() => expect(view.record().problem?.message).toContain('task_notes_by_task is missing'));
    database.close();
  });

  test('is recognised by its tables, also when it comes later', async () => {
    const late = directory.file('late.db');
    view = openView(await createFileSource({ id: sourceId('late'), path: late, clock: hurriedClock }));
    await eventually(() => expect(view.record().problem?.kind).toBe('missing'));
    const other = await TaskTrackingService.open({ path: late });
    await other.register({ id: 'dump' });
    await eventually(() => expect(view.statuses()).toEqual({ dump: 'queued' }));
    await other.close();
  });

  test('says no in its own words', async () => {
    await ledger.register({ id: 'dump' });
    const shown = source();
    view = openView(shown);
    await view.live();
    await ledger.complete('dump');
    expect(await shown.commands.cancel?.('dump', commandContext())).toMatchObject({
      kind: 'refused',
      problem: { message: expect.stringMatching(/^cancel: .*completed/u) },
    });
  });
});

describe('a ledger that is a guest in a job database', () => {
  let guest: TaskTrackingService;
  let jobs: ReturnType<typeof openJobDatabase>;
  beforeEach(async () => {
    const file = directory.file('gut-punch.db');
    jobs = openJobDatabase(file);
    jobs.addJob('Nightly');
    jobs.addRun({ job: 'Nightly', status: 'failed', startedAt: Date.now() });
    await migrateLedger(file);
    guest = await TaskTrackingService.open({ path: file });
    await guest.register({ id: 'verify', name: 'Was it really done?', job: 'Nightly' });
  });
  afterEach(async () => {
    await guest.close();
    jobs.close();
  });

  test('is shown beside the jobs, live, and never written to from a view', async () => {
    const file = directory.file('gut-punch.db');
    const sources = await createFileSources({
      id: sourceId('gut-punch.db'),
      path: file,
      clock: hurriedClock,
    });
    expect(sources.map(({ id, kind }) => [id, kind])).toEqual([
      ['gut-punch.db', 'job-runs'],
      ['gut-punch.db:ledger', 'ledger'],
    ]);
    const views = sources.map(openView);
    await Promise.all(views.map((each) => each.live()));
    expect(views.map((each) => each.statuses())).toEqual([{ Nightly: 'failed' }, { verify: 'queued' }]);

    await guest.start('verify');
    await eventually(() => expect(views[1]?.statuses()).toEqual({ verify: 'running' }));
    expect(views[1]?.task('verify').offers).toEqual([
      {
        command: 'cancel',
        refusal: 'not from a view: another program owns the database; use taskglass ledger',
      },
    ]);

    const bytes = () => createHash('sha256').update(readFileSync(file)).digest('hex');
    const before = [readdirSync(directory.path), bytes()];
    expect(await sources[1]?.commands.cancel?.('verify', commandContext())).toMatchObject({
      kind: 'refused',
      problem: { hint: `taskglass ledger cancel-task ID --db ${join(directory.path, 'gut-punch.db')}` },
    });
    expect([readdirSync(directory.path), bytes()]).toEqual(before);
    await Promise.all(views.map((each) => each.close()));
  });
});
