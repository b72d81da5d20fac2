/** How the bundle differs from the libraries as published, for a fast start and small frames. */
import { globSync, readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { dirname, resolve } from 'node:path';
import type { Plugin } from 'esbuild';
import type { Parts } from './as-script.ts';

/**
 * Loads Node's own modules when the module that imports them runs. As `import` statements they would all be at the top of the
 * one file and be loaded at every start, SQLite and HTTP included.
 */
export const lazyBuiltins: Plugin = {
  name: 'lazy-builtins',
  setup(build) {
    build.onResolve({ filter: /.*/ }, ({ path, kind }) => {
      if (!isBuiltin(path)) return null;
      if (kind !== 'import-statement') return { path, external: true }; // is loaded where it is
      return { path: path.replace(/^node:/, ''), namespace: 'builtin', sideEffects: false };
    });
    build.onLoad({ filter: /.*/, namespace: 'builtin' }, ({ path }) => ({
      contents: moduleOf(`node:${path}`),
    }));
  },
};

/** Modules that would take a tenth of a start, and that most runs never use. */
const HEAVY = /^node:(child_process|crypto|fs\/promises|v8|worker_threads)$/;

/**
 * Functions that `node:fs` also has, which is loaded at every start. Loading its twin with promises, streams and a line editor
 * takes a short command longer than everything that it would call in it.
 */
const BY_CALLBACK = /^(access|chmod|lstat|mkdir|readdir|readlink|rename|rm|rmdir|stat|statfs|unlink)$/;

function byCallback(name: string): string {
  const call = `process.getBuiltinModule('node:fs').${name}`;
  return `(...args) => new Promise((resolve, reject) => ${call}(...args, (error, value) => (error ? reject(error) : resolve(value))))`;
}

/** Makes each name an export of its own, so that esbuild leaves out those that nobody imports. */
function moduleOf(builtin: string): string {
  const module = { ...process.getBuiltinModule(builtin) } as Readonly<Record<string, unknown>>;
  const names = Object.keys(module).filter((name) => name !== 'default');
  const fetched = `process.getBuiltinModule('${builtin}')`;
  const isHeavy = HEAVY.test(builtin);
  /**
   * The functions of a heavy module load it when they are called; classes are needed directly, because they may be extended.
   */
  const isLate = (name: string) => isHeavy && typeof module[name] === 'function' && /^[a-z]/.test(name);
  const exported = (name: string) => {
    if (builtin === 'node:fs/promises' && BY_CALLBACK.test(name)) return byCallback(name);
    if (builtin === 'node:fs/promises' && name === 'realpath') return byCallback('realpath.native');
    if (name === 'Worker') return `function (...args) { return new (${fetched}.Worker)(...args); }`;
    return isLate(name)
      ? `(...args) => ${fetched}.${name}(...args)`
      : `/* @__PURE__ */ (() => builtin.${name})()`;
  };
  const late = `new Proxy({}, { get: (_, name) => ${fetched}[name] })`;
  return [
    `const builtin = /* @__PURE__ */ (() => ${isHeavy ? late : fetched})();`,
    'export default builtin;',
    ...names.map((name, index) => `const _${index} = ${exported(name)};`),
    ...names.map((name, index) => `export { _${index} as ${name} };`),
  ].join('\n');
}

/**
 * Makes a few parts of what is imported with `import()`: a module that matches a pattern is loaded with the rest of its part,
 * and runs only when it is imported. A module that matches none gets a file of its own from esbuild's splitting.
 */
export function inParts(parts: Parts): Plugin {
  const members = new Map(Object.keys(parts).map((part) => [part, new Set<string>()]));
  const partOf = (module: string) => Object.keys(parts).find((part) => parts[part]?.holds?.test(module));
  return {
    name: 'in-parts',
    setup(build) {
      const unbundled = build.initialOptions.external ?? [];
      const isUnbundled = (name: string) => unbundled.includes(name);
      for (const file of globSync('src/**/*.{ts,tsx}')) {
        for (const [, name = ''] of readFileSync(file, 'utf8').matchAll(DYNAMIC_IMPORT)) {
          const module = moduleNamed(name, file);
          members.get(partOf(module) ?? '')?.add(module);
        }
      }
      build.onLoad({ filter: /[\\/]src[\\/].*\.tsx?$/ }, ({ path }) => ({
        contents: readFileSync(path, 'utf8').replace(DYNAMIC_IMPORT, (whole, name) => {
          const module = moduleNamed(name, path);
          if (isBuiltin(name) || isUnbundled(name)) return whole;
          const part = partOf(module);
          if (part === undefined) return whole;
          return `import('part:${part}').then((part) => part.modules[${JSON.stringify(module)}]())`;
        }),
        loader: path.endsWith('x') ? 'tsx' : 'ts',
      }));
      build.onResolve({ filter: /^part:/ }, ({ path }) => ({ path, namespace: 'part' }));
      build.onLoad({ filter: /.*/, namespace: 'part' }, ({ path }) => {
        const part = path.slice('part:'.length);
        return {
          contents: partOfModules([...(members.get(part) ?? [])].sort()),
          resolveDir: process.cwd(),
        };
      });
    },
  };
}

const DYNAMIC_IMPORT = /(?<!typeof )\bimport\(\s*'([^']+)'\s*\)/g;

/** Returns the path of a module of ours, or the name of a package. */
function moduleNamed(name: string, importer: string): string {
  return name.startsWith('.') ? resolve(dirname(importer), name) : name;
}

function partOfModules(modules: readonly string[]): string {
  const names = modules.map((module) => JSON.stringify(module));
  const entries = names.map((name) => `${name}: () => require(${name})`);
  return `export const modules = {\n${entries.join(',\n')}\n};`;
}

/** Includes Zod's messages in English only, not in fifty languages that are never used: a tenth of the bundle. */
export const englishOnly: Plugin = {
  name: 'english-only',
  setup(build) {
    build.onLoad({ filter: /zod[\\/]v4[\\/]locales[\\/]index\.js$/ }, () => ({
      contents: "export { default as en } from './en.js';",
    }));
  },
};

/**
 * Delays two things that only text beyond ASCII needs: building the pattern of all emoji takes Node 12 ms, and the first
 * segmenter 14.
 */
export const lazyWidths: Plugin = replacing(
  /string-width[\\/]index\.js$/,
  [
    /const (\w+) = (\/.*\\p\{RGI_Emoji\}.*\/v);/g,
    'let built; const $1 = { test: (text) => (built ??= $2).test(text), exec: (text) => (built ??= $2).exec(text) };',
  ],
  [
    'const segmenter = new Intl.Segmenter();',
    'let made; const segmenter = { segment: (text) => (made ??= new Intl.Segmenter()).segment(text) };',
  ],
);

/** Fails the build if the library no longer contains the expected code, so that a gain is not lost unnoticed. */
function replacing(file: RegExp, ...pairs: readonly [found: string | RegExp, replacement: string][]): Plugin {
  return {
    name: `replacing in ${file.source}`,
    setup(build) {
      build.onLoad({ filter: file }, ({ path }) => {
        const errors: { text: string }[] = [];
        const contents = pairs.reduce(
          (source, [found, replacement]) => {
            const replaced = source.replaceAll(found, replacement);
            if (replaced === source) errors.push({ text: `${found} is not in ${path} any more` });
            return replaced;
          },
          readFileSync(path, 'utf8'),
        );
        return { contents, errors, loader: 'js' };
      });
    },
  };
}
