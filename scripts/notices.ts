/** The licences of what is bundled: MIT, ISC, BSD and Apache require their notice in every copy. */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Metafile } from 'esbuild';

/** A package in a bundle. */
export interface BundledPackage {
  readonly name: string;
  readonly version: string;
  readonly licence: string;
  /** The complete texts of its licence files. */
  readonly texts: readonly string[];
}

/** Licences that permit redistribution with no more than a notice; any other needs consideration first. */
const PERMISSIVE = [
  'MIT',
  'ISC',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'Apache-2.0',
  'BlueOak-1.0.0',
  '0BSD',
  'Unlicense',
];
/** Packages under MIT that are published without its text, with their own copyright lines. */
const WITHOUT_FILE: Readonly<Record<string, string>> = {
  'nostr-wasm': 'Copyright (c) fiatjaf\nContains libsecp256k1, Copyright (c) 2013 Pieter Wuille',
  rfc6902: 'Copyright 2014-2021 Christopher Brown',
};
const LICENCE_FILES = '{LICENSE,LICENCE,COPYING,NOTICE,license,licence}{,-*,.*}';

/**
 * Returns the packages that are contained in what was built, by name. Throws if the licence of one does not permit
 * redistribution.
 */
export function bundledPackages(root: string, metafiles: readonly Metafile[]): BundledPackage[] {
  const inputs = metafiles
    .flatMap(({ outputs }) => Object.values(outputs))
    .flatMap((output) => Object.entries(output.inputs))
    .filter(([, { bytesInOutput }]) => bytesInOutput > 0);
  const directories = new Set(inputs.flatMap(([path]) => packageDirectoryOf(path) ?? []));
  const packages = [...directories].map((directory) => readPackage(join(root, directory)));
  const byName = new Map(packages.map((each) => [`${each.name}@${each.version}`, each]));
  return [...byName.values()].sort((one, other) => (nameOf(one) < nameOf(other) ? -1 : 1));
}

/** Returns `node_modules/a/node_modules/@b/c` for `node_modules/a/node_modules/@b/c/dist/x.js`; null for our own files. */
export function packageDirectoryOf(path: string): string | null {
  return /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/u.exec(path)?.[0] ?? null;
}

function readPackage(directory: string): BundledPackage {
  const { name, version, license } = JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8'));
  if (!PERMISSIVE.includes(license))
    throw new Error(`${name} ${version}: may its licence (${license}) be bundled?`);
  const texts = globSync(LICENCE_FILES, { cwd: directory })
    .sort()
    .map((file) => readFileSync(join(directory, file), 'utf8').trim());
  const holder = license === 'MIT' ? WITHOUT_FILE[name] : undefined;
  if (texts.length === 0 && holder !== undefined) texts.push(`${holder}\n\n${MIT}`);
  if (texts.length === 0) throw new Error(`${name} ${version} comes without its licence`);
  return { name, version, licence: license, texts };
}

function nameOf({ name, version }: BundledPackage): string {
  return `${name} ${version}`;
}

/** Returns all of them as one text, for the published package. */
export function noticesText(packages: readonly BundledPackage[]): string {
  const sections = packages.map((each) =>
    [RULE, `${nameOf(each)} (${each.licence})`, RULE, '', ...each.texts].join('\n'),
  );
  return `${INTRODUCTION}\n\n${sections.join('\n\n')}\n`;
}

const RULE = '-'.repeat(80);
const INTRODUCTION =
  'taskglass contains the following packages, in dist/cli*.cjs, dist/verify-worker.js and dist/lib/.';

const MIT = `Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated
documentation files (the "Software"), to deal in the Software without restriction, including without limitation the
rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit
persons to whom the Software is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the
Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE
WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR
COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR
OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.`;
