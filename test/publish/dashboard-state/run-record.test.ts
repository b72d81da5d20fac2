import { chmod, link, rename, symlink, writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import {
  type RunRecord,
  readRunRecord,
  writeRunRecord,
} from '../../../src/publish/dashboard-state/run-record.ts';
import { hasRunRecord, recordPathOf } from '../../../src/publish/dashboard-state/run-record-file.ts';
import { temporaryDirectory } from '../../helpers/temporary-directory.ts';

const RECORD: RunRecord = { argv: ['make', '-j4', ''], cwd: '/src', title: 'Build', env: ['PATH', 'TOKEN'] };

describe('how a run was started', () => {
  it('comes back as it was', async () => {
    await using directory = await temporaryDirectory();
    const state = directory.file('build.json');
    await writeRunRecord(state, RECORD);
    expect(await readRunRecord(state)).toEqual(RECORD);
    const options = { log: false, progressPattern: '(\\d+) of' };
    await writeRunRecord(state, { ...RECORD, options });
    expect(await readRunRecord(state)).toEqual({ ...RECORD, options });
  });

  it('is known to be there without being read', async () => {
    await using directory = await temporaryDirectory();
    const state = directory.file('build.json');
    expect(await hasRunRecord(state)).toBe(false);
    await writeRunRecord(state, RECORD);
    expect(await hasRunRecord(state)).toBe(true);
  });

  it.each<[string, (file: string) => Promise<void>, isSeen?: boolean]>([
    ['others may read', (file) => chmod(file, 0o640)],
    ['others may write', (file) => chmod(file, 0o602)],
    ['has a second name', (file) => link(file, `${file}.other`)],
    [
      'is a link',
      async (file) => {
        await rename(file, `${file}.other`);
        await symlink(`${file}.other`, file);
      },
    ],
    ['names no program', (file) => writeFile(file, JSON.stringify({ ...RECORD, argv: [] })), true],
    ['is torn', (file) => writeFile(file, JSON.stringify(RECORD).slice(0, 30)), true],
    ['is empty', (file) => writeFile(file, '')],
  ])('counts for nothing in a file that %s', async (_what, change, isSeen = false) => {
    await using directory = await temporaryDirectory();
    const state = directory.file('build.json');
    await writeRunRecord(state, RECORD);
    await change(recordPathOf(state));
    expect(await readRunRecord(state)).toBeNull();
    expect(await hasRunRecord(state)).toBe(isSeen);
  });
});
