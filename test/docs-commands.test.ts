/** The blocks of shell in the documents: each is run somewhere, or it is said why not, and names only what there is. */
import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { CliCommand } from '../src/cli/command.ts';
import { view } from '../src/cli/commands/view.ts';
import { COMMANDS } from '../src/cli/commands.ts';
import { commandBlocks } from './helpers/shell-blocks.ts';

const ROOT = join(import.meta.dirname, '..');
/** `docs/cli.md` is made of the commands themselves. */
const DOCUMENTS = globSync(['README.md', 'docs/**/*.md'], { cwd: ROOT }).filter(
  (path) => path !== 'docs/cli.md',
);

/** Where a document's blocks are run, by the file and the heading above them; or why they are not. */
const RUN_BY: Readonly<Record<string, string>> = {
  'docs/ledger.md, The ledger': 'examples/ledger.sh',
  'docs/ledger.md, Patterns': 'examples/ledger.sh',
  'docs/publishing.md, A command': 'test/e2e/run.test.ts',
  'docs/publishing.md, A machine: `taskglass serve`': 'a form, not a command',
  'docs/publishing.md, A fleet: `taskglass publish`': 'test/e2e/publish.test.ts',
  'docs/publishing.md, A relay of your own: `taskglass relay`': 'test/cli/commands/relay.test.ts',
  'docs/sources.md, Another host (`ssh:HOST`)': 'test/sources/attach/ssh.test.ts',
  'docs/your-own-source.md, A source of your own': 'test/docs-own-source.test.ts',
  'docs/your-own-source.md, In ten lines of shell': 'test/docs-own-source.test.ts',
  'docs/your-own-source.md, Recipes': 'test/docs-own-source.test.ts',
};

describe('the blocks of shell in the documents', () => {
  const blocks = DOCUMENTS.flatMap((path) =>
    commandBlocks(readFileSync(join(ROOT, path), 'utf8')).map((block) => ({ path, ...block })),
  );

  it('are run by a test or an example, or it is said why not', () => {
    const elsewhere = blocks.filter(({ path }) => path !== 'README.md'); // test/e2e/readme.test.ts
    const keys = elsewhere.map(({ path, heading }) => `${path}, ${heading}`);
    expect(new Set(keys)).toEqual(new Set(Object.keys(RUN_BY)));
    const files = Object.values(RUN_BY).filter((where) => /^\w+\//u.test(where));
    expect(files.filter((file) => !existsSync(join(ROOT, file)))).toEqual([]);
  });

  const lines = blocks.flatMap(({ path, commands }) =>
    commands.flatMap((line) => taskglassWords(line).map((words) => ({ path, line, words }))),
  );

  it.each(lines)('name commands and options that there are: $path: $line', async ({ words }) => {
    const { command, rest } = await commandOf(words);
    const known = (command.options ?? []).flatMap(({ flags }) => flags.split(/[ ,]+/u));
    const options = rest.slice(0, rest.includes('--') ? rest.indexOf('--') : undefined);
    const given = options
      .map((word) => word.replace(/^\[|\]$/gu, ''))
      .filter((word) => /^--?[a-z]/u.test(word));
    expect(given.filter((option) => ![...known, '--help', '--version'].includes(option))).toEqual([]);
  });
});

/** The words behind each `taskglass` that a line runs. */
function taskglassWords(line: string): string[][] {
  const calls = line
    .split(/&&|\||;|\$\(|\)/u)
    .map((part) => part.trim().replace(/^(?:while id=|if |then |else |\S+\$ )+/u, ''));
  return calls
    .filter((call) => /^taskglass(?: |$)/u.test(call))
    .map((call) => (call.match(/"[^"]*"|'[^']*'|\S+/gu) ?? []).slice(1));
}

/** The command, or the verb of one, that words call, and what they give it; without one it is the view. */
async function commandOf(
  words: readonly string[],
): Promise<{ command: CliCommand; rest: readonly string[] }> {
  const command = Object.values(COMMANDS)
    .flat()
    .find(({ name }) => name === words[0]);
  if (!command) return { command: view, rest: words };
  const verbs = Object.values((await command.verbs?.()) ?? {}).flat();
  const verb = verbs.find(({ name }) => name === words[1]);
  if (!verb) return { command, rest: words.slice(1) };
  return {
    command: { ...verb, options: [...(command.options ?? []), ...(verb.options ?? [])] },
    rest: words.slice(2),
  };
}
