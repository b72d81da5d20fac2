import type { Source } from '../sources/kit/source.ts';
import type { FoundFile } from '../sources/open/find-sources.ts';
import type { SessionContext } from './context.ts';
import type { FileNames } from './name-files.ts';
import { openFile, openMaestros } from './open-files.ts';

/** Opens the files that are found, each once. `opened` holds those that are open, or never to be opened. */
export function createFileOpener(parts: {
  readonly context: Pick<SessionContext, 'clock'>;
  readonly names: FileNames;
  readonly opened: Iterable<string>;
}): (found: readonly FoundFile[]) => Promise<{ fresh: readonly FoundFile[]; sources: readonly Source[] }> {
  const { context, names } = parts;
  const opened = new Set(parts.opened);

  return async (found) => {
    const fresh = found.filter(({ path }) => !opened.has(path));
    for (const { path } of fresh) opened.add(path);
    const sources: Source[] = [];
    const formats = new Map(
      fresh.flatMap(({ path, format }) => (format === 'maestro' ? [] : [[path, format] as const])),
    );
    for (const { id, file } of names.name([...formats.keys()]))
      sources.push(...(await openFile(id, file, context, formats.get(file))));
    const maestros = fresh.filter(({ format }) => format === 'maestro');
    const places = maestros.map(({ path }) => ({ directory: path }));
    sources.push(...(await openMaestros(places, names, context)));
    return { fresh, sources };
  };
}
