/** What the bundle does differently from the libraries as published, for the sake of a quick start and small frames. */
import { readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import type { Plugin } from 'esbuild';

/**
 * Node's own modules are fetched when the module that imports them runs. As `import` statements all of them would
 * stand at the top of the one file and be loaded at every start, SQLite and HTTP included.
 */
export const lazyBuiltins: Plugin = {
  name: 'lazy-builtins',
  setup(build) {
    build.onResolve({ filter: /.*/ }, ({ path, kind }) => {
      if (!isBuiltin(path)) return null;
      if (kind !== 'import-statement') return { path, external: true }; // is fetched where it stands
      return { path: path.replace(/^node:/, ''), namespace: 'builtin', sideEffects: false };
    });
    build.onLoad({ filter: /.*/, namespace: 'builtin' }, ({ path }) => ({
      contents: moduleOf(`node:${path}`),
    }));
  },
};

/** Each name is an export of its own, so that esbuild leaves out those that nobody imports. */
function moduleOf(builtin: string): string {
  const names = Object.keys(process.getBuiltinModule(builtin) ?? {}).filter((name) => name !== 'default');
  return [
    `const builtin = /* @__PURE__ */ process.getBuiltinModule('${builtin}');`,
    'export default builtin;',
    ...names.map((name, index) => `const _${index} = /* @__PURE__ */ (() => builtin.${name})();`),
    ...names.map((name, index) => `export { _${index} as ${name} };`),
  ].join('\n');
}

/** Zod's messages in English, not in fifty languages that nothing here asks for: a tenth of the bundle. */
export const englishOnly: Plugin = {
  name: 'english-only',
  setup(build) {
    build.onLoad({ filter: /zod[\\/]v4[\\/]locales[\\/]index\.js$/ }, () => ({
      contents: "export { default as en } from './en.js';",
    }));
  },
};

/** Ink connects to React's developer tools only where `DEV` is set, and in the bundle it is not. */
export const withoutDevtools: Plugin = {
  name: 'without-devtools',
  setup(build) {
    build.onResolve({ filter: /^react-devtools-core$/ }, ({ path }) => ({ path, namespace: 'absent' }));
    build.onLoad({ filter: /.*/, namespace: 'absent' }, () => ({ contents: 'export default undefined;' }));
  },
};

/** Yoga would `fetch` its own WebAssembly from a data URL, for which Node loads its whole HTTP client: 30 ms. */
export const quickYoga: Plugin = replacing(/yoga-wasm-base64-esm\.js$/, ['"function"!=typeof fetch', 'true']);

/** Building the pattern of all emoji takes Node 12 ms, the first segmenter 14, and only text that is not plain needs them. */
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

/** Fails the build where the library no longer reads as expected, so that a gain is not lost unnoticed. */
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
