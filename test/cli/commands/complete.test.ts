import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CliCommand } from '../../../src/cli/command.ts';
import { bashReplies, quoteIn } from '../../../src/cli/commands/complete/shell-replies.ts';
import { readTypedLine, unquoted } from '../../../src/cli/commands/complete/typed-line.ts';
import { SHELLS } from '../../../src/cli/commands/completion/shells.ts';
import { view } from '../../../src/cli/commands/view.ts';
import { COMMANDS } from '../../../src/cli/commands.ts';
import { makeNamesSocketPath } from '../../../src/storage/runtime-directory.ts';
import { runHere } from '../../helpers/console.ts';
import { temporaryDirectory } from '../../helpers/temporary-directory.ts';

let home: Awaited<ReturnType<typeof temporaryDirectory>>;
beforeEach(async () => {
  home = await temporaryDirectory();
});
afterEach(() => home[Symbol.asyncDispose]());

describe('what can stand where the cursor is', () => {
  it.each([
    [['stat'], 'status'],
    [['ledger', 'list-t'], 'list-tasks'],
    [['ledger', '--db', 'x.db', 'note'], 'note'],
    [['config', 'h'], 'history'],
    [['help', 'led'], 'ledger'],
    [['help', 'ledger', 'list-j'], 'list-jobs'],
    [['--so'], '--sort'],
    [['ledger', 'list-tasks', '--d'], '--db'],
    [['--sort', 'urg'], 'urgency'],
    [['--sort=urg'], '--sort=urgency'],
    [['ledger', 'list-tasks', '--status=ready,pen'], '--status=ready,pending'],
    [['status', '--format', 'wayb'], 'waybar'],
    [['wait', '--until', 'running,need'], 'running,needs-input'],
    [['--filter', 'status:fai'], 'status:failed'],
    [['send', 'ret'], 'retry'],
    [['task', 'update', 'T1', '--status', 'block'], 'blocked'],
    [['completion', 'zs'], 'zsh'],
    [['gh'], 'gh:'],
  ])('%j: %s', async (words, wanted) => {
    expect(await offered(...words)).toContain(wanted);
  });

  it.each([
    [['--json', '--js'], '--json'], // it is there
    [['demo-w'], 'demo-worker'], // hidden
    [['compl'], 'complete'],
    [['state.json', 'stat'], 'status'], // no command behind a source
    [['--', '--js'], '--json'],
    [['relay', '--port', ''], '--host'], // a value is due
  ])('%j: not %s', async (words, unwanted) => {
    expect(await offered(...words)).not.toContain(unwanted);
  });

  it('is every visible command, verb and option', async () => {
    for (const [words, { verbs, options = [] }] of await everyCommand()) {
      const below = Object.values((await verbs?.()) ?? {}).flat();
      const names = below.filter(({ isHidden }) => !isHidden).map(({ name }) => name);
      expect(await offered(...words, ''), words.join(' ')).toEqual(expect.arrayContaining(names));
      const flags = options
        .filter(({ isHidden }) => !isHidden)
        .flatMap(({ flags: f }) => f.match(/--[-\w]+/gu) ?? []);
      if (words[0] !== 'run')
        expect(await offered(...words, '-'), words.join(' ')).toEqual(expect.arrayContaining(flags));
    }
  });

  it.each([
    [['run', ''], 'command 2'],
    [['run', '--', ''], 'command 3'],
    [['run', '--name', 'x', 'make', '-j'], 'command 4'],
    [['run', '-'], 'none'],
    [['--config', ''], 'files'],
    [['record', '--out', ''], 'directories'],
    [['eta', 'bench', ''], 'directories'],
    [['state'], 'sources'],
    [['relay', '--port', ''], 'none'],
  ])('is for the shell itself: %j: %s', async (words, directive) => {
    expect((await answer('zsh', ...words))[0]).toBe(directive);
  });
});

describe('tasks', () => {
  it('are named, by their id where a name says too little, and by the beginning of it', async () => {
    for (const [id, name] of [
      ['a1', 'nightly backup'],
      ['b2', 'twice'],
      ['b3', 'twice'],
      ['c4', '-rf'],
      ['d5', 'long '.repeat(50)],
    ] as const) {
      writeRun(id, name);
    }
    expect((await offered('wait', '')).sort()).toEqual(['b2', 'b3', 'c4', 'd5', 'nightly backup']);
    expect(await offered('logs', 'a')).toContain('a1');
  });

  it('of a ledger and of a board are its own', async () => {
    await runHere(['ledger', 'register', 'fetch', '--db', 'own.db'], { cwd: home.path });
    await runHere(['task', 'add', 'Build it'], { cwd: home.path });
    expect(await offered('ledger', '--db', 'own.db', 'note', '')).toEqual(['fetch']);
    expect(await offered('ledger', 'note', '')).toEqual([]);
    expect(await offered('task', 'show', '')).toEqual(['T1']);
  });

  it.each([
    ['nonsense', '{"nativeId":7}'],
    ['other words', '[{"id":7},{"id":""},null,{"id":"\\n\\u001b[31m"}]'],
    ['nothing', ''],
  ])('are not taken from a view that tells %s', async (_, told) => {
    const end = await telling((connection) => connection.end(told));
    expect(await offered('wait', '')).toEqual([]);
    end();
  });

  it('are asked from an open view, and nobody waits for one that hangs', async () => {
    const tasks = [{ id: 'x1', name: 'from the view', status: 'running' }];
    let end = await telling((connection) => connection.end(JSON.stringify(tasks)));
    expect(await offered('wait', '')).toEqual(['from the view']);
    end();
    end = await telling(() => {});
    writeRun('a1', 'from its file');
    expect(await offered('wait', '')).toEqual(['from its file']);
    end();
  });

  it('that cannot be read cost nothing: files of all kinds among the runs', async () => {
    writeRun('a1', 'whole');
    const runs = join(home.path, '.home', 'runs');
    writeFileSync(join(runs, 'half.json'), '{"activeTasks":[{"taskId":"x"');
    writeFileSync(join(runs, 'other.json'), '[1,2]');
    mkdirSync(join(runs, 'folder.json'));
    symlinkSync('loop.json', join(runs, 'loop.json'));
    expect(await offered('wait', '')).toEqual(['whole']);
  });
});

describe('what bash is handed', () => {
  it('means the value to the letter, wherever the word is broken and whatever quotes are open', () => {
    const text = fc.stringMatching(/^[a-c:=@'" $`\\!*{}~;&|<>()#?é]{1,12}$/u);
    fc.assert(
      fc.property(text, fc.constantFrom('' as const, '"' as const, "'" as const), (value, quotes) => {
        expect(unquoted(`${quotes}${quoteIn(quotes, value)}`).text).toBe(value);
        const typed = `x ${quotes}${quoteIn(quotes, value.slice(0, 4))}`;
        const { current } = readTypedLine(typed);
        const replaced = quotes === '' ? current.raw.replace(/^.*[:=]/su, '') : current.raw.slice(1);
        const kept = current.raw.slice(0, current.raw.length - replaced.length);
        if (unquoted(kept).quotes !== quotes) return; // bash breaks no word there
        const [reply = ''] = bashReplies([{ value }], current.raw, replaced);
        expect(
          readTypedLine(`x ${kept}${quotes === '' ? reply.slice(0, -1) : reply + quotes}`).current.text,
        ).toBe(value);
      }),
    );
  });

  it('is read by bash as we read it', () => {
    const values = [
      'a b',
      "it's",
      '$(id)',
      '`id`',
      'a"b',
      'back\\slash',
      '{a,b}',
      '*',
      '~',
      'x;y',
      'a!b',
      '#x',
    ];
    for (const quotes of ['', '"', "'"] as const) {
      const words = values.map((value) => `${quotes}${quoteIn(quotes, value)}${quotes}`);
      const said = execFileSync('bash', ['-c', `printf '%s\\n' ${words.join(' ')}`], { encoding: 'utf8' });
      expect(said.trimEnd().split('\n')).toEqual(values);
    }
  });
});

describe('taskglass completion', () => {
  it.each(SHELLS)('prints a script for %s', async (shell) => {
    const { code, stdout } = await runHere(['completion', shell], { cwd: home.path });
    expect({ code, first: stdout.split('\n').find((line) => line.startsWith('# ')) }).toEqual({
      code: 0,
      first: `# taskglass completion for ${shell}`,
    });
    expect(stdout).not.toMatch(/\beval\b/u);
  });

  it.each([
    ['fsih', 'did you mean fish?'],
    ['powershell', 'bash, zsh, fish'],
  ])('refuses %s with what there is', async (shell, hint) => {
    const { code, stdout, stderr } = await runHere(['completion', shell], { cwd: home.path });
    expect({ code, stdout, stderr }).toEqual({
      code: 2,
      stdout: '',
      stderr: `taskglass: completion: ${shell} is not a shell that can be completed (${hint})\n`,
    });
  });
});

/** What zsh is told for these words, the last of which is being typed. */
async function answer(shell: string, ...words: string[]): Promise<string[]> {
  const { code, stdout, stderr } = await runHere(['complete', shell, ...words], { cwd: home.path });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return stdout.split('\n').slice(0, -1);
}

async function offered(...words: string[]): Promise<string[]> {
  const [, ...lines] = await answer('zsh', ...words);
  return lines.map((line) => line.split('\t')[0] ?? '');
}

function writeRun(id: string, name: string): void {
  const runs = join(home.path, '.home', 'runs');
  mkdirSync(runs, { recursive: true });
  const task = { taskId: id, taskName: name, status: 'running', currentStep: 0, totalSteps: 0, steps: [] };
  writeFileSync(join(runs, `${id}.json`), JSON.stringify({ activeTasks: [task] }));
}

async function telling(answerWith: (connection: import('node:net').Socket) => void): Promise<() => void> {
  const path = await makeNamesSocketPath({ TASKGLASS_HOME: join(home.path, '.home') });
  const server = createServer((connection) => {
    connection.on('error', () => {});
    answerWith(connection);
  });
  await new Promise<void>((resolve) => server.listen(path, resolve));
  return () => server.close();
}

async function everyCommand(): Promise<[string[], CliCommand][]> {
  const found: [string[], CliCommand][] = [[[], view]];
  for (const command of Object.values(COMMANDS).flat()) {
    if (command.isHidden) continue;
    found.push([[command.name], command]);
    const verbs = Object.values((await command.verbs?.()) ?? {}).flat();
    found.push(...verbs.map((verb): [string[], CliCommand] => [[command.name, verb.name], verb]));
  }
  return found;
}
