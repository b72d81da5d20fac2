import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { TaskProgress } from '../../src/model/dashboard-state.ts';
import { createStateFileReporter } from '../../src/publish/dashboard-state/reporter.ts';
import { createCombinedReporter, type Reporter } from '../../src/publish/report.ts';
import { track } from '../../src/publish/track.ts';
import { eventually } from '../helpers/eventually.ts';

let directory: string;
let file: string;
let reporter: Reporter;
let cancel: AbortController;

beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'track-'));
  file = path.join(directory, 'state.json');
  reporter = createStateFileReporter({ file });
  cancel = new AbortController();
});
afterEach(async () => {
  await reporter.close();
  vi.unstubAllEnvs();
  await rm(directory, { recursive: true });
});

const published = async (from = file): Promise<TaskProgress> =>
  JSON.parse(await readFile(from, 'utf8')).activeTasks[0];
const steps = ({ steps: all }: TaskProgress) => all.map(({ status }) => status);

describe('track', () => {
  it('publishes what a function does, and hands on what it returns', async () => {
    const result = await track(
      'Backup',
      ['dump', 'pack', 'send'],
      async ({ step, progress }) => {
        step('pack');
        progress(40);
        await eventually(async () => expect((await published()).steps[1]?.progress).toBe(40));
        expect(steps(await published())).toEqual(['completed', 'running', 'pending']);
        return 'packed';
      },
      { to: [reporter] },
    );
    expect(result).toBe('packed');
    expect(await published()).toMatchObject({ taskName: 'Backup', status: 'completed' });
    expect(steps(await published())).toEqual(['completed', 'completed', 'completed']);
  });

  it('counts progress without a step as the first one’s', async () => {
    const work = track(
      'Backup',
      [],
      async ({ progress }) => {
        progress(10);
        throw new Error('disk full');
      },
      { to: [reporter] },
    );
    await expect(work).rejects.toThrow('disk full');
    expect(await published()).toMatchObject({
      status: 'failed',
      error: 'disk full',
      steps: [{ status: 'failed', progress: 10 }],
    });
  });

  it('stays at its step if it is given one that does not exist, and says so', async () => {
    const warned = new Promise((resolve) => process.once('warning', resolve));
    const work = track(
      'Backup',
      ['dump', 'pack', 'send'],
      async ({ step, progress }) => {
        step('pack');
        step('pakc');
        step(1e9);
        progress(40);
        throw new Error('disk full');
      },
      { to: [reporter] },
    );
    await expect(work).rejects.toThrow('disk full');
    expect(steps(await published())).toEqual(['completed', 'failed', 'pending']);
    expect(await warned).toMatchObject({
      message: 'there is no step pakc (the steps are dump, pack, send)',
    });
  });

  it('fails as the work does, whatever it throws', async () => {
    const thrown = Object.create(null);
    const work = track('Backup', ['dump'], () => Promise.reject(thrown), { to: [reporter] });
    await expect(work).rejects.toBe(thrown);
    expect(await published()).toMatchObject({ status: 'failed', error: 'an error without a message' });
  });

  it('is cancelled by the caller’s signal', async () => {
    const work = track(
      'Backup',
      ['dump'],
      async ({ step, signal }) => {
        step('dump');
        cancel.abort();
        signal.throwIfAborted();
      },
      { to: [reporter], signal: cancel.signal },
    );
    await expect(work).rejects.toThrow('aborted');
    expect(await published()).toMatchObject({ status: 'cancelled', steps: [{ status: 'pending' }] });
  });

  it('does the work even if it cannot be published', async () => {
    for (let n = 0; n < 10; n += 1) await reporter.start({ title: `Task ${n}`, steps: ['a'] });
    const warned = new Promise((resolve) => process.once('warning', resolve));
    expect(await track('The eleventh', ['a'], async () => 'done', { to: [reporter] })).toBe('done');
    expect(await warned).toMatchObject({ message: expect.stringContaining('which is the limit') });
  });

  it('is published in one place even if another does not accept it', async () => {
    const broken: Reporter = { start: () => Promise.reject(new Error('no relay')), close: async () => {} };
    const torn: Reporter = {
      async start(work) {
        const report = await createCombinedReporter([]).start(work);
        return { ...report, complete: () => Promise.reject(new Error('connection lost')) };
      },
      close: async () => {},
    };
    const warnings: string[] = [];
    const onWarning = ({ message }: Error) => warnings.push(message);
    process.on('warning', onWarning);
    expect(await track('Backup', ['dump'], async () => 'done', { to: [reporter, broken, torn] })).toBe(
      'done',
    );
    expect(await published()).toMatchObject({ status: 'completed' });
    await eventually(() => expect(warnings).toEqual(['no relay', 'connection lost']));
    process.off('warning', onWarning);
  });

  it('does the work even if there is no room for what is published', async () => {
    vi.stubEnv('TASKGLASS_HOME', '/dev/null/home');
    const warned = new Promise((resolve) => process.once('warning', resolve));
    expect(await track('Nightly', ['dump'], async () => 'done')).toBe('done');
    expect(await warned).toMatchObject({
      message: expect.stringContaining('did not accept the state: ENOTDIR'),
    });
  });

  it('publishes where a plain taskglass looks, for the owner’s eyes only, unless told otherwise', async () => {
    vi.stubEnv('TASKGLASS_HOME', directory);
    await track('Nightly: backup', ['dump'], async () => {});
    const [name = ''] = await readdir(path.join(directory, 'runs'));
    expect(name).toMatch(/^Nightly-backup-[0-9a-f]+\.json$/u);
    expect(await published(path.join(directory, 'runs', name))).toMatchObject({ status: 'completed' });
    expect((await stat(path.join(directory, 'runs'))).mode & 0o077).toBe(0);
  });
});
