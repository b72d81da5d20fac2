import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { readWhole } from './read-file.ts';

/** People's configurations are smaller; `Include` may lead in a circle. */
const MOST_FILES = 100;
const LARGEST_FILE_BYTES = 1024 * 1024;

/**
 * Returns the hosts that this user's `ssh` knows by name: those on the `Host` lines of `~/.ssh/config` and of the files that
 * it includes, without patterns. Returns none if nothing can be read.
 */
export async function sshHosts(home: string): Promise<string[]> {
  const directory = path.join(home, '.ssh');
  const hosts = new Set<string>();
  const files = [path.join(directory, 'config')];
  const seen = new Set<string>();
  for (let file = files.shift(); file !== undefined && seen.size < MOST_FILES; file = files.shift()) {
    if (seen.has(file)) continue;
    seen.add(file);
    const found = await readWhole(file, LARGEST_FILE_BYTES);
    if ('problem' in found) continue;
    for (const line of found.bytes.toString().split('\n')) {
      const { keyword, values } = readLine(line);
      if (keyword === 'host') for (const name of values.filter(isName)) hosts.add(name);
      if (keyword === 'include')
        for (const pattern of values) files.push(...(await filesOf(pattern, { directory, home })));
    }
  }
  return [...hosts];
}

/** Reads a line of the configuration: `Keyword value value`, `Keyword=value`, with values in quotes. */
function readLine(line: string): { readonly keyword: string; readonly values: readonly string[] } {
  const [, keyword = '', rest = ''] = /^\s*(\w+)(?:\s*=\s*|\s+)(.*)$/u.exec(line) ?? [];
  const found = rest.matchAll(/"([^"]*)"|([^\s"#]\S*)|(#.*)/gu);
  const values = [...found].flatMap(([, quoted, bare]) => quoted ?? bare ?? []);
  return { keyword: keyword.toLowerCase(), values };
}

/** Tells whether a text names a single host: it is not a pattern, an exception, or an option. */
function isName(text: string): boolean {
  return /^[^-!*?\s][^*?\s]*$/u.test(text);
}

/** Returns the files that an `Include` refers to. Patterns are expanded in file names, but not in directories. */
async function filesOf(
  pattern: string,
  { directory, home }: { readonly directory: string; readonly home: string },
): Promise<string[]> {
  const place = path.resolve(directory, pattern.replace(/^~(?=\/)/u, home));
  const name = path.basename(place);
  if (!/[*?]/u.test(name)) return [place];
  const found = await readdir(path.dirname(place)).catch(() => []);
  const escaped = name.replace(/[.+^${}()|[\]\\]/gu, '\\$&');
  const fits = new RegExp(`^${escaped.replaceAll('*', '.*').replaceAll('?', '.')}$`, 'u');
  return found
    .filter((file) => fits.test(file) && (!file.startsWith('.') || name.startsWith('.')))
    .sort()
    .map((file) => path.join(path.dirname(place), file));
}
