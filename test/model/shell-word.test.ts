import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sourceId } from '../../src/model/id.ts';
import { shellWord } from '../../src/model/shell-word.ts';
import { plainName } from '../../src/model/text.ts';
import { createFileSource } from '../../src/sources/open/file-source.ts';
import { eventually } from '../helpers/eventually.ts';
import { hurriedClock } from '../helpers/hurried-clock.ts';
import { temporaryDirectory } from '../helpers/temporary-directory.ts';
import { openView } from '../sources/source-contract.ts';

describe('a word for a shell', () => {
  it.each([
    ['state.json', 'state.json'],
    ['/srv/größe/a-b_c@1.db', '/srv/größe/a-b_c@1.db'],
    ['$(touch PWNED).json', "'$(touch PWNED).json'"],
    ["it's.json", "'it'\\''s.json'"],
    ['a b', "'a b'"],
    ['~root', "'~root'"],
    ['=ls', "'=ls'"],
    ['-rf', './-rf'],
    ['', "''"],
  ])('%s is %s', (raw, expected) => {
    expect(shellWord(raw)).toBe(expected);
  });

  it('is one word and itself to a real shell, whatever stands in it', () => {
    const odd = fc.string({
      unit: fc.constantFrom(...'ab$`"\'\\!*?[]{}()<>|&;~#= \n\t^-ü🚀'),
      maxLength: 20,
    });
    const words = fc.sample(odd, 200);
    const script = `printf '%s\\0' ${words.map(shellWord).join(' ')}`;
    const seen = execFileSync('sh', ['-c', script]).toString().split('\0').slice(0, -1);
    expect(seen).toEqual(words.map((word) => plainName(word).replace(/^-/u, './-')));
  });
});

describe('a hint beside a source', () => {
  it.concurrent.each([
    '$(touch PWNED).json',
    'x;touch PWNED;.json',
    '`touch PWNED`.db',
    "a' ; touch PWNED ; '.json",
  ])('can be pasted whatever the file is called: %s', async (name) => {
    await using directory = await temporaryDirectory();
    await writeFile(directory.file(name), '{ no JSON'.repeat(200));
    const options = { id: sourceId('f'), path: directory.file(name), clock: hurriedClock };
    const view = openView(await createFileSource(options));
    await eventually(() => expect(view.record().problem?.hint).toContain(': '));
    const command = view.record().problem?.hint?.split(/: (.*)/su)[1] ?? '';
    try {
      execFileSync('sh', ['-c', command], { cwd: directory.path, stdio: 'ignore' });
    } catch {} // the tool may be missing here
    expect(existsSync(directory.file('PWNED'))).toBe(false);
    await view.close();
  });
});
