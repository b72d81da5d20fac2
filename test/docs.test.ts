import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { cliDocs } from '../scripts/cli-docs.ts';
import { keyTableMarkdown } from '../src/ui/actions.ts';
import { runHere } from './helpers/console.ts';
import { temporaryDirectory } from './helpers/temporary-directory.ts';

it('the README lists the keys as the program has them', async () => {
  expect(await readme()).toContain(keyTableMarkdown());
});

it('docs/cli.md tells the commands as they are: if not, node scripts/cli-docs.ts', async () => {
  expect(await readFile(new URL('../docs/cli.md', import.meta.url), 'utf8')).toBe(await cliDocs());
});

it('what an agent types on a session board works as the README has it', async () => {
  await using directory = await temporaryDirectory();
  const lines = (await readme()).split('\n').filter((line) => line.startsWith('taskglass task '));
  const said = [];
  for (const line of lines) {
    const words = [...line.replace(/ #.*/u, '').matchAll(/"([^"]*)"|(\S+)/gu)].map(
      (match) => match[1] ?? match[2],
    );
    const args = words.slice(1).filter((word) => word !== undefined);
    const { code, stderr } = await runHere(args, {
      cwd: directory.path,
      env: { TASKGLASS_SESSION_ID: 's1' },
    });
    said.push({ code, stderr });
  }
  expect(said).toEqual(Array(4).fill({ code: 0, stderr: '' }));
});

function readme(): Promise<string> {
  return readFile(new URL('../README.md', import.meta.url), 'utf8');
}
