import { execFileSync } from 'node:child_process';
import { lchown, mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { OPEN_NAMING } from '../../../src/cli/commands/record/naming.ts';
import { openTraceDirectory } from '../../../src/cli/commands/record/trace-directory.ts';
import { jobOf, taskKey } from '../../../src/eta/job.ts';
import type { FinishedRun } from '../../../src/model/run.ts';
import { temporaryDirectory } from '../../helpers/temporary-directory.ts';

const job = jobOf('dashboard-state', { name: 'Build', steps: [{ name: 'make' }], totalSteps: 1 });
const RUN: FinishedRun = {
  job,
  task: taskKey(job, 'a'),
  startedAt: 1_800_000_000_000,
  durationMs: 1_000,
  outcome: 'completed',
  events: [],
  foretold: null,
};

let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
beforeEach(async () => {
  directory = await temporaryDirectory();
});
afterEach(() => directory[Symbol.asyncDispose]());

const open = (name: string) => openTraceDirectory(directory.file(name), OPEN_NAMING, 'a test');
const write = async (name: string) => (await (await open(name)).write(RUN))?.name;

describe('a directory of traces', () => {
  it('replaces nothing that has the name of a trace', async () => {
    const name = String(await write('first'));
    await mkdir(directory.file('traces'));
    await writeFile(directory.file(`traces/${name}`), 'mine');
    expect(await write('traces')).toBe(name.replace('-1.', '-2.'));
    expect(await readFile(directory.file(`traces/${name}`), 'utf8')).toBe('mine');
  });

  it('passes over what is no file', async () => {
    await mkdir(directory.file('traces'));
    execFileSync('mkfifo', [directory.file('traces/pipe.ndjson')]);
    expect(await write('traces')).toMatch(/^build-.*-1\.ndjson$/u);
  });

  it('is nobody else’s to write to, whatever the umask', async () => {
    const mask = process.umask(0);
    let name: string | undefined;
    try {
      name = await write('traces');
    } finally {
      process.umask(mask);
    }
    const modes = [await stat(directory.file('traces')), await stat(directory.file(`traces/${name}`))];
    expect(modes.map(({ mode }) => (mode & 0o777).toString(8))).toEqual(['755', '644']);
  });

  it.runIf(process.getuid?.() === 0)('is not made behind a stranger’s link', async () => {
    await mkdir(directory.file('private'));
    await symlink('private', directory.file('link'));
    await lchown(directory.file('link'), 65_534, 65_534);
    await expect(open('link/traces')).rejects.toThrow('belongs to another user (uid 65534)');
    expect(await readdir(directory.file('private'))).toEqual([]);
  });
});
