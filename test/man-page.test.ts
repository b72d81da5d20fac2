import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { MAN_PAGE } from '../scripts/man-page.ts';
import { view } from '../src/cli/commands/view.ts';
import { COMMANDS } from '../src/cli/commands.ts';

it('the man page is where npm links it from: npm passes over a name that is not in a list', () => {
  const { man } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  expect(man).toEqual(['./man/taskglass.1']);
});

it.runIf(isInstalled('mandoc'))('the man page is roff that mandoc has nothing against', () => {
  const { status, stdout } = spawnSync('mandoc', ['-T', 'lint', '-W', 'warning', MAN_PAGE], {
    encoding: 'utf8',
  });
  // It has no date: that of its commands would change with each of them.
  const said = stdout.split('\n').filter((line) => line !== '' && !/missing date/u.test(line));
  expect({ said, isBroken: (status ?? 9) > 2 }).toEqual({ said: [], isBroken: false });
});

it.runIf(isInstalled('mandoc'))('it shows each command with its options, letter by letter', () => {
  const { stdout } = spawnSync('mandoc', ['-T', 'utf8', '-O', 'width=200', MAN_PAGE], { encoding: 'utf8' });
  const shown = stdout.replace(/.[\b]/gu, ''); // bold is printed over itself
  const flags = (view.options ?? []).filter(({ isHidden }) => !isHidden).map((option) => option.flags);
  expect(flags.filter((each) => !shown.includes(each))).toEqual([]);
  for (const { name, isHidden } of Object.values(COMMANDS).flat()) {
    expect(shown.includes(`taskglass ${name} `), name).toBe(!isHidden);
  }
  const typed = `taskglass run --name "nightly backup" -- sh -c './dump.sh && ./upload.sh'`;
  expect(shown.includes(typed)).toBe(true);
});

function isInstalled(program: string): boolean {
  return spawnSync(program, ['--help']).error === undefined;
}
