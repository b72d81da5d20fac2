import { writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { apiDocs, writtenDocs } from '../scripts/api-docs.ts';
import { openTypes } from '../scripts/api-types.ts';
import { temporaryDirectory } from './helpers/temporary-directory.ts';

it('docs/api/ tells the public surface as it is: if not, npm run docs:api, and see whether it breaks anybody', () => {
  const [made, written] = [apiDocs(), writtenDocs()];
  expect([...written.keys()].sort()).toEqual([...made.keys()].sort());
  for (const [file, text] of made) expect(written.get(file), file).toBe(text);
});

describe('the types of a package', () => {
  it('are followed from module to module, by whatever name they go', async () => {
    await using directory = await temporaryDirectory();
    const types = await typesOf(directory, {
      'index.d.ts': "/** What it is. */\nexport { type One, two as deux } from './a.ts';\nexport {};",
      'a.d.ts': `
        import type { Three as Drei } from './b.ts';
        /** The first. */
        export interface One extends Base<Drei> { readonly Base: string }
        /** Twice. */
        export declare function two(x: string): import('./b.ts').Four;
        export declare function two(x: number): typeof five;
        interface Base<T> { readonly t: T }
        declare const five: unique symbol;`,
      'b.d.ts': "import { z } from 'zod';\nexport type Three = z.infer<4>;\nexport type Four = 4;",
    });
    expect(types.aboutOf('index.d.ts')).toBe('What it is.');
    const exported = types.exportsOf('index.d.ts');
    expect([...exported].map(([name, all]) => [name, all.map(({ about }) => about)])).toEqual([
      ['One', ['The first.']],
      ['deux', ['Twice.', '']],
    ]);
    const used = [...exported.values()]
      .flat()
      .map((declared) => types.usedBy(declared).map(({ name }) => name));
    expect(used).toEqual([['Base', 'Three'], ['Four'], ['five']]);
  });

  it('are not read as complete where a name leads nowhere', async () => {
    await using directory = await temporaryDirectory();
    const types = await typesOf(directory, {
      'index.d.ts': "export { Gone } from './a.ts';",
      'a.d.ts': 'export {};',
    });
    expect(() => types.exportsOf('index.d.ts')).toThrow('a.d.ts exports no Gone');
  });
});

async function typesOf(
  directory: { readonly path: string; file(name: string): string },
  files: Readonly<Record<string, string>>,
) {
  for (const [name, text] of Object.entries(files)) await writeFile(directory.file(name), text);
  return openTypes(directory.path);
}
