import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { watchDirectories } from '../../src/io/watch-directories.ts';
import { eventually } from '../helpers/eventually.ts';
import { temporaryDirectory } from '../helpers/temporary-directory.ts';

it('tells what changes in the directories that it follows, and in no other', async () => {
  await using directory = await temporaryDirectory();
  const [first, second, absent] = [
    directory.file('first'),
    directory.file('second'),
    directory.file('absent'),
  ];
  await mkdir(first);
  await mkdir(second);
  const heard = new Set<string>();
  const watches = watchDirectories((path) => heard.add(path));
  try {
    expect(watches.follow([first, second, absent])).toEqual({ opened: [first, second], failed: [absent] });
    expect(watches.follow([first, second])).toEqual({ opened: [], failed: [] });
    await writeFile(`${first}/a`, '');
    await writeFile(`${second}/b`, '');
    await eventually(() => expect([...heard].sort()).toEqual([`${first}/a`, `${second}/b`]));

    watches.follow([second]);
    heard.clear();
    await writeFile(`${first}/c`, '');
    await writeFile(`${second}/d`, '');
    await eventually(() => expect([...heard]).toContain(`${second}/d`));
    expect([...heard]).not.toContain(`${first}/c`);

    // Another directory in the place of one is heard of once it is watched anew.
    await rename(second, `${second}.old`);
    await mkdir(second);
    watches.renew(second);
    watches.follow([second]);
    heard.clear();
    await writeFile(`${second}/e`, '');
    await eventually(() => expect([...heard]).toContain(`${second}/e`));

    // So does one that has gone.
    await rm(second, { recursive: true });
    await eventually(() => expect(watches.follow([second])).toEqual({ opened: [], failed: [second] }));
  } finally {
    watches.close();
  }
  expect(watches.follow([first])).toEqual({ opened: [], failed: [first] });
});
