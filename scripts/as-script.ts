import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { type Metafile, transform } from 'esbuild';

const URL_OF_FILE = '__url';

/**
 * Makes CommonJS scripts (`.cjs`) of the modules that esbuild's splitting has written, as it splits modules only. Of a
 * script V8 keeps the functions that a run has compiled, too (`bin/code-cache.js`), of a module none that is called after loading.
 * The entry has its hash in its name as all others have, and a script of one line without it.
 */
export async function asScripts({ outputs }: Metafile, root: string): Promise<void> {
  await Promise.all(
    Object.entries(outputs).map(async ([output, { entryPoint }]) => {
      const module = join(root, output);
      const script = scriptNamed(module);
      writeFileSync(script, await asScript(readFileSync(module, 'utf8')));
      rmSync(module);
      if (entryPoint?.startsWith('src/')) {
        const name = basename(script);
        const plain = name.replace(/-[^-]+(?=\.cjs$)/, '');
        writeFileSync(join(dirname(script), plain), `"use strict";require("./${name}");\n`);
      }
    }),
  );
}

/** A chunk imports only other chunks and, at run time, packages that are done without. */
async function asScript(source: string): Promise<string> {
  const awaiting = /__esm\(\{\s*async\s*"([^"]*)"/.exec(source)?.[1];
  if (awaiting) throw new Error(`${awaiting} awaits something at its top, and no script can wait for that`);
  const { code } = await transform(source, {
    format: 'cjs',
    platform: 'node',
    target: 'node22.13',
    minifySyntax: true,
    minifyWhitespace: true,
    lineLimit: 160,
    supported: { 'dynamic-import': false },
    define: { 'import.meta.url': URL_OF_FILE },
  });
  // The getters of the exports are not to be wrapped in as many others: all who require them are chunks, too.
  const named = inAscii(code)
    .replace(/module\.exports\s*=\s*__toCommonJS\(\s*(\w+)\s*\)/, 'module.exports=$1')
    .replaceAll(/require\("(\.\/[^"]+)\.js"\)/g, 'require("$1.cjs")');
  const url = named.includes(URL_OF_FILE)
    ? `const ${URL_OF_FILE}=require("node:url").pathToFileURL(__filename).href;`
    : '';
  return `"use strict";${url}${named}`;
}

/**
 * Escapes what esbuild has left: it keeps the signs of tagged templates, as a tag might ask for the text as it was written.
 * None of ours does.
 */
function inAscii(code: string): string {
  return code.replace(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

function scriptNamed(module: string): string {
  return module.replace(/\.js$/, '.cjs');
}
