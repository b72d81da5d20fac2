import path from 'node:path';
import type { SourceId } from '../model/id.ts';
import type { Source } from '../sources/kit/source.ts';
import type { FoundFile } from '../sources/open/find-sources.ts';
import type { SessionContext } from './context.ts';
import type { FileNames } from './name-files.ts';
import { openFile, openMaestros } from './open-files.ts';
import { tellWhenGone } from './when-gone.ts';

/** Opens each file that is found once. `opened` contains the files that are open, or must never be opened. */
export function createFileOpener(parts: {
  readonly context: Pick<SessionContext, 'clock' | 'env'>;
  readonly names: FileNames;
  readonly opened: Iterable<string>;
  /** Is told which sources to close because their file is gone; if it returns, it is found and opened again. */
  readonly onGone?: ((path: string, sources: readonly SourceId[]) => void) | undefined;
}): (found: readonly FoundFile[]) => Promise<{ fresh: readonly FoundFile[]; sources: readonly Source[] }> {
  const { context, names, onGone } = parts;
  const opened = new Set(parts.opened);

  function watch(sources: readonly Source[], path: string): readonly Source[] {
    if (!onGone) return sources;
    const ids = sources.map(({ id }) => id);
    const close = () => {
      if (!opened.delete(path)) return;
      for (const id of ids) names.release(id);
      onGone(path, ids);
    };
    return sources.map((source) => tellWhenGone(source, path, context.clock, close));
  }

  return async (found) => {
    // A file in a directory that is read as a whole is part of that.
    const fresh = found.filter(({ path: one }) => !opened.has(one) && !opened.has(path.dirname(one)));
    for (const file of fresh) opened.add(file.path);
    const sources: Source[] = [];
    const formats = new Map(
      fresh.flatMap((file) => (file.format === 'maestro' ? [] : [[file.path, file.format] as const])),
    );
    for (const { id, file } of names.name([...formats.keys()]))
      sources.push(...watch(await openFile(id, file, context, formats.get(file)), file));
    const maestros = fresh.filter(({ format }) => format === 'maestro');
    const places = maestros.map((file) => ({ directory: file.path }));
    const opening = await openMaestros(places, names, context);
    for (const [index, { directory }] of places.entries())
      sources.push(...watch(opening.slice(index, index + 1), directory));
    return { fresh, sources };
  };
}
