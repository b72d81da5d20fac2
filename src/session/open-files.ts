import { type SourceId, sourceId } from '../model/id.ts';
import type { Source } from '../sources/kit/source.ts';
import type { FileFormat } from '../sources/open/detect.ts';
import type { SessionContext } from './context.ts';
import type { FileNames } from './name-files.ts';
import type { MaestroPlace } from './source-specs.ts';

/**
 * Opens a file as the kind of source that it is. `format` is the kind that was recognised; if absent, the file is examined.
 */
export async function openFile(
  id: SourceId,
  file: string,
  { clock, env }: Pick<SessionContext, 'clock' | 'env'>,
  format?: FileFormat,
): Promise<Source[]> {
  const { createFileSources } = await import('../sources/open/file-source.ts');
  return createFileSources({ id, path: file, clock, env, ...(format && { format }) });
}

/** Opens the Maestros. There is usually one, and then `maestro` is name enough. */
export async function openMaestros(
  places: readonly MaestroPlace[],
  names: FileNames,
  { clock }: Pick<SessionContext, 'clock'>,
): Promise<Source[]> {
  const nameOf = (place: MaestroPlace) => ('url' in place ? new URL(place.url).host : place.directory);
  const opened = places.map(async (place) => {
    const [only, full] = [sourceId('maestro'), sourceId(nameOf(place))];
    const id = places.length === 1 && names.take(only) ? only : full;
    const options = { id, clock };
    if ('url' in place) {
      const { createMaestroServerSource } = await import('../sources/sessions/maestro-server.ts');
      return createMaestroServerSource({ ...options, url: place.url });
    }
    const { createMaestroDirectorySource } = await import('../sources/sessions/maestro-directory.ts');
    return createMaestroDirectorySource({ ...options, directory: place.directory });
  });
  return Promise.all(opened);
}
