import path from 'node:path';
import type { Source } from '../sources/kit/source.ts';
import type { FoundFile } from '../sources/open/find-sources.ts';
import type { SessionContext } from './context.ts';
import type { FileNames } from './name-files.ts';
import { openFile, openMaestros } from './open-files.ts';

/** Opens the files that are found, each once. `opened` holds those that are open, or never to be opened. */
export function createFileOpener(parts: {
  readonly context: Pick<SessionContext, 'clock' | 'env'>;
  readonly names: FileNames;
  readonly opened: Iterable<string>;
}): (found: readonly FoundFile[]) => Promise<{ fresh: readonly FoundFile[]; sources: readonly Source[] }> {
  const { context, names } = parts;
  const opened = new Set(parts.opened);

  return async (found) => {
    // What lies in a directory that is read as a whole is a part of that.
    const fresh = found.filter(({ path: one }) => !opened.has(one) && !opened.has(path.dirname(one)));
    for (const file of fresh) opened.add(file.path);
    const sources: Source[] = [];
    const formats = new Map(
      fresh.flatMap((file) => (file.format === 'maestro' ? [] : [[file.path, file.format] as const])),
    );
    for (const { id, file } of names.name([...formats.keys()]))
      sources.push(...(await openFile(id, file, context, formats.get(file))));
    const maestros = fresh.filter(({ format }) => format === 'maestro');
    const places = maestros.map((file) => ({ directory: file.path }));
    sources.push(...(await openMaestros(places, names, context)));
    return { fresh, sources };
  };
}
