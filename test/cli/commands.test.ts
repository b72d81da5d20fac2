import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { CliCommand, CommandGroups } from '../../src/cli/command.ts';
import { view } from '../../src/cli/commands/view.ts';
import { COMMANDS } from '../../src/cli/commands.ts';
import { isLaidOut } from '../../src/cli/program/words.ts';
import { runHere } from '../helpers/console.ts';
import { temporaryDirectory } from '../helpers/temporary-directory.ts';

const DIRECTORY = join(import.meta.dirname, '../../src/cli/commands');

/** A command as its one file would have it. */
const greet: CliCommand<{ readonly loud?: true; readonly to?: readonly string[] }> = {
  name: 'greet',
  form: '<word> [rest...]',
  about: 'say a word',
  notes: 'Nobody answers.',
  examples: ['taskglass greet hello --loud'],
  options: [
    { flags: '--loud', about: 'say it in capitals' },
    { flags: '--to <name>', about: 'say it to them', byDefault: 'everybody', isRepeatable: true },
  ],
  async run({ args, options: { loud, to = ['everybody'] }, io }) {
    const words = [...args, ...to].join(' ');
    io.stdout.write(`${loud ? words.toUpperCase() : words}\n`);
    return 7;
  },
};
const WITH_GREET: CommandGroups = { ...COMMANDS, Try: [greet] };

describe('a new command is a file and a line in the table', () => {
  it('it runs with its arguments and options, and its exit code is the program’s', async () => {
    expect(await run('greet', 'hello', 'there', '--to', 'a', '--loud', '--to', 'b')).toEqual({
      code: 7,
      stdout: 'HELLO THERE A B\n',
      stderr: '',
    });
  });

  it('its help is made from it', async () => {
    expect((await run('greet', '--help')).stdout).toBe(
      [
        'Usage: taskglass greet [options] <word> [rest…]',
        '',
        'Say a word.',
        '',
        'Options:',
        '  --loud       say it in capitals',
        '  --to <name>  say it to them (default: everybody; repeatable)',
        '  -h, --help   show this help',
        '',
        'Nobody answers.',
        '',
        'Examples:',
        '  $ taskglass greet hello --loud',
        '',
      ].join('\n'),
    );
  });

  it('it is listed, found by help and looked for when it is mistyped', async () => {
    expect((await run('--help')).stdout).toMatch(/^Try:\n {2}greet +say a word$/m);
    expect((await run('help', 'greet')).stdout).toMatch(/^Usage: taskglass greet /);
    expect((await run('gret')).stderr).toContain('did you mean greet?');
    expect((await run('greet')).stderr).toBe(
      "taskglass: missing required argument 'word'; see taskglass greet --help\n",
    );
  });
});

describe('the table', () => {
  it('has each file of commands/, and no other command', () => {
    const files = readdirSync(DIRECTORY).filter((name) => name.endsWith('.ts'));
    const names = Object.values(COMMANDS).flatMap((group) => group.map(({ name }) => `${name}.ts`));
    expect(files.sort()).toEqual([...names, 'view.ts'].sort());
  });

  it('says of each command what it is about, its options, and how it is typed', async () => {
    const commands = await everyCommand();
    expect(commands.length).toBeGreaterThan(40);
    for (const [words, { about, examples, verbs, options = [], isHidden }] of commands) {
      expect(about, words).toMatch(/^[a-z].*[^.]$/u);
      for (const option of options) expect(option.about, words).toMatch(/^\S.*[^.]$/u);
      if (!isHidden && !verbs) expect(examples.join('\n'), words).toContain(words);
    }
  });
});

describe('help', () => {
  it.each([100, 80, 60])(
    'is broken well at %d columns, of every command',
    async (width) => {
      for (const [typed, { name, notes = '' }] of await everyCommand()) {
        const { code, stdout } = await runHere([...typed.split(' ').slice(1), '--help'], {
          cwd: import.meta.dirname,
          env: { COLUMNS: `${width}` },
        });
        const lines = stdout.split('\n');
        // Examples are to be copied, and a table cannot be broken; both are for 80 columns at least.
        const isWhole = (line: string) =>
          width < 80 && (line.startsWith('  $ ') || (isLaidOut(notes) && notes.includes(line)));
        const long = lines.filter((line) => line.length > width && !isWhole(line));
        // Below a column of words, a line of one short word; a remark that is torn.
        const forgotten = lines.filter((line, at) => {
          const isContinued =
            /^ {6,}\S{1,7}$/u.test(line) && /^ {2,}\S.*\S .*\S+ \S/u.test(lines[at - 1] ?? '');
          return width >= 80 && isContinued;
        });
        const torn = width >= 60 ? lines.filter((line) => /\((?:default:?|repeatable)?$/u.test(line)) : [];
        expect({ code, long, forgotten, torn }, typed).toEqual({
          code: 0,
          long: [],
          forgotten: [],
          torn: [],
        });
        expect(stdout).toContain(name);
      }
    },
    60_000,
  );

  it('says of an option what it is for, not only which words it takes', async () => {
    for (const [typed, { options = [] }] of await everyCommand()) {
      for (const { about, takes = [], flags } of options) {
        const lists = takes.flatMap((each) => (typeof each === 'object' ? [each.words.join(', ')] : []));
        expect(lists, `${typed} ${flags}`).not.toContain(about);
      }
    }
  });

  it.each([
    [['help'], /^Usage: taskglass \[options\]/],
    [['help', 'run'], /^Usage: taskglass run \[options\] -- CMD …/],
    [['help', 'ledger', 'note'], /^Usage: taskglass ledger note \[options\] <id> <text>/],
    [['version'], /^\d+\.\d+\.\d+\S*\n$/],
    [['-v'], /^\d+\.\d+\.\d+\S*\n$/],
    [['-V'], /^\d+\.\d+\.\d+\S*\n$/],
  ])('is given as people ask for it: %j', async (args, words) => {
    const { code, stdout, stderr } = await run(...args);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(words);
  });

  it.each([
    [['help', 'rum'], 'help: there is no command rum (did you mean run?)'],
    [['help', 'qqq'], 'help: there is no command qqq (taskglass help lists them)'],
    [['verison'], 'verison: neither a command nor a source (did you mean version?)'],
  ])('refuses %j with what to do', async (args, words) => {
    expect(await run(...args)).toEqual({ code: 2, stdout: '', stderr: `taskglass: ${words}\n` });
  });
});

describe('options that a command shares with its verbs', () => {
  it('may stand before the verb as well as behind it, and the later one counts', async () => {
    for (const args of [
      ['--db', 'a.db', 'register', 'x'],
      ['register', 'x', '--db', 'a.db'],
      ['--db', 'b.db', 'register', 'x', '--db', 'a.db'],
    ]) {
      await using directory = await temporaryDirectory();
      const { code } = await runHere(['ledger', ...args], { cwd: directory.path });
      expect({ code, files: readdirSync(directory.path).filter((name) => name.endsWith('.db')) }).toEqual({
        code: 0,
        files: ['a.db'],
      });
    }
  });

  it('are not those of the whole program', async () => {
    await using directory = await temporaryDirectory();
    const { stdout } = await runHere(['--json', 'ledger', 'register', 'x'], { cwd: directory.path });
    expect(stdout).toMatch(/pending +x/);
  });
});

/** Every command and verb, by the words that are typed. */
async function everyCommand(): Promise<[string, CliCommand][]> {
  const found: [string, CliCommand][] = [[view.name, view]];
  for (const command of Object.values(COMMANDS).flat()) {
    const words = `${view.name} ${command.name}`;
    found.push([words, command]);
    const verbs = Object.values((await command.verbs?.()) ?? {}).flat();
    found.push(...verbs.map((verb): [string, CliCommand] => [`${words} ${verb.name}`, verb]));
  }
  return found;
}

function run(...args: string[]) {
  return runHere(args, { cwd: import.meta.dirname, commands: WITH_GREET });
}
