import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { keyTableMarkdown } from '../src/ui/actions.ts';

it('the README lists the keys as the program has them', async () => {
  expect(await readFile(new URL('../README.md', import.meta.url), 'utf8')).toContain(keyTableMarkdown());
});
