import { createHash } from 'node:crypto';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { type Metafile, transform } from 'esbuild';

/** A file of the program beside the first one. */
export interface Part {
  /** Which modules it contains, with everything that only they need. */
  readonly holds?: RegExp;
  /** The parts that may already be loaded when this one is. */
  readonly after?: readonly string[];
}

/** The parts by their names, each after those that it lists in `after`. */
export type Parts = Readonly<Record<string, Part>>;

/** Which module starts the program, and its parts. */
interface Layout {
  readonly entry: string;
  readonly parts: Parts;
}

type Outputs = Metafile['outputs'];

/** The name of the program's first file, and the beginning of the others' names. */
const PROGRAM = 'cli';
const URL_OF_FILE = '__url';

/**
 * Combines the many modules that esbuild's splitting has written into a few CommonJS scripts (`.cjs`), because it splits only
 * modules. For a script, V8 also keeps the functions that a run has compiled (`bin/code-cache.js`); for a module, none that is
 * called after loading.
 *
 * In a script, each module is a function. A function that no run has called is neither compiled nor kept, so a command pays
 * only for the modules that it needs, without a file for each. All scripts have the hash of all code in their names, except for
 * one line that starts the program.
 */
export async function asScripts({ outputs }: Metafile, root: string, layout: Layout): Promise<void> {
  const codes = new Map<string, string>();
  const allHelpers = new Set<string>();
  await Promise.all(
    Object.keys(outputs).map(async (output) => {
      const { helpers, code } = await asCommonJs(readFileSync(join(root, output), 'utf8'));
      allHelpers.add(helpers);
      codes.set(output, code);
      rmSync(join(root, output));
    }),
  );
  const helpers = [...allHelpers].reduce((most, other) => (other.length > most.length ? other : most));
  const [entry] = entriesOf(outputs, (entryPoint) => entryPoint === layout.entry);
  if (!entry) throw new Error(`${layout.entry} is in no output`);
  const write = (script: string, code: string) =>
    writeFileSync(join(root, dirname(entry), `${script}.cjs`), `"use strict";${code}\n`);

  const scripts = scriptsOf(outputs, layout, hashOf([...codes.values()]));
  for (const script of new Set(scripts.values())) {
    const functions = [...codes]
      .filter(([output]) => scripts.get(output) === script)
      .map(([output, code]) => `"${nameOf(output)}"(exports,module){${linked(code, script, scripts)}}`);
    write(script, `${helpers}\nconst __modules={\n${functions.join(',\n')}};\n${LOADER}`);
  }
  write(PROGRAM, `require("./${scripts.get(entry)}.cjs").load("${nameOf(entry)}");`);
}

/** No module can use these names for something of its own. */
const LOADER = `const __loaded=new Map();
const __load=exports.load=name=>{
let module=__loaded.get(name);
if(!module){module={exports:{}};__loaded.set(name,module);__modules[name](module.exports,module);}
return module.exports;
};`;

/**
 * Returns the script to which each output goes. What only one part needs is in that part; what several need is in the last of
 * those that may be loaded wherever any of them is, or else in the first file.
 */
export function scriptsOf(outputs: Outputs, { entry, parts }: Layout, hash: string): Map<string, string> {
  const partOf = (output: string) =>
    Object.keys(parts).find((part) => isEntryOf(part, outputs[output]?.entryPoint ?? ''));
  const choices = new Map<string, ReadonlySet<string>>();
  const put = (output: string, loadable: ReadonlySet<string>) => {
    const before = choices.get(output);
    const common = before ? new Set([...before].filter((part) => loadable.has(part))) : loadable;
    if (common.size === before?.size) return;
    choices.set(output, common);
    for (const { path, external } of outputs[output]?.imports ?? []) {
      if (!external && partOf(path) === undefined) put(path, common);
    }
  };
  for (const [output, { entryPoint }] of Object.entries(outputs)) {
    const part = partOf(output);
    if (part !== undefined) put(output, loadableIn(part, parts));
    else if (entryPoint === entry) put(output, new Set());
  }
  const scriptIn = (choice: ReadonlySet<string>) => {
    const last = Object.keys(parts).findLast((part) => choice.has(part));
    return [PROGRAM, ...(last === undefined ? [] : [last]), hash].join('-');
  };
  return new Map([...choices].map(([output, choice]) => [output, scriptIn(choice)]));
}

/** Returns a part and all those after which it is loaded. */
function loadableIn(part: string, parts: Parts): Set<string> {
  const after = parts[part]?.after ?? [];
  return new Set([part, ...after.flatMap((other) => [...loadableIn(other, parts)])]);
}

/** Tells whether an entry is that of a part, which `inParts` names after the part. */
function isEntryOf(part: string, entryPoint: string): boolean {
  return entryPoint === `part:part:${part}`;
}

function entriesOf(outputs: Outputs, fits: (entryPoint: string) => boolean): string[] {
  return Object.keys(outputs).filter((output) => fits(outputs[output]?.entryPoint ?? ''));
}

function nameOf(output: string): string {
  return basename(output, '.js');
}

/** Makes the code of a module of `script` load the others from the scripts that contain them. */
function linked(code: string, script: string, scripts: ReadonlyMap<string, string>): string {
  const byName = new Map([...scripts].map(([output, other]) => [nameOf(output), other]));
  return code.replaceAll(/\brequire\("\.\/([^"]+)\.js"\)/g, (_whole, name: string) => {
    const other = byName.get(name);
    return other === script ? `__load("${name}")` : `require("./${other}.cjs").load("${name}")`;
  });
}

function hashOf(texts: readonly string[]): string {
  const hash = createHash('sha256');
  for (const text of texts) hash.update(text);
  return hash.digest('hex').slice(0, 8).toUpperCase();
}

/** The helper functions that esbuild writes at the top of every module that exports something. */
const HELPERS = /^var __[\s\S]*?__toCommonJS\s*=[^;]*;/;

/** Converts a chunk. It imports only other chunks and, at run time, packages that are optional. */
async function asCommonJs(source: string): Promise<{ helpers: string; code: string }> {
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
  const helpers = HELPERS.exec(code)?.[0] ?? '';
  const named = inAscii(code.slice(helpers.length))
    // The getters of the exports must not be wrapped in others: all modules that require them are chunks, too.
    .replace(/module\.exports\s*=\s*__toCommonJS\(\s*(\w+)\s*\)/, 'module.exports=$1')
    // The same names again, for modules that import a CommonJS module: there are none.
    .replace(/\b0\s*&&\s*\(module\.exports\s*=\s*\{[^}]*\}\);/, '');
  const url = named.includes(URL_OF_FILE)
    ? `const ${URL_OF_FILE}=require("node:url").pathToFileURL(__filename).href;`
    : '';
  return { helpers, code: url + named };
}

/**
 * Escapes what esbuild has left unescaped: it keeps the characters of tagged templates, because a tag might use the raw text.
 * None of ours does.
 */
function inAscii(code: string): string {
  return code.replace(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
