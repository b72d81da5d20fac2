import { createHash } from 'node:crypto';
import path from 'node:path';
import type { Io } from '../../../io/io.ts';
import { userDirectories } from '../../../storage/directories.ts';

/**
 * Returns the file that remembers what was published: one for each key, set of relays and set of sources, so that the same
 * command continues where it left off, and a different one does not interfere.
 */
export function publicationFile(parts: {
  readonly pubkey: string;
  readonly relays: readonly string[];
  readonly sourceTexts: readonly string[];
  readonly io: Pick<Io, 'env' | 'cwd'>;
}): string {
  const { pubkey, relays, sourceTexts, io } = parts;
  const { data } = userDirectories(io.env);
  const what = [pubkey, relays.toSorted(), sourceTexts.toSorted(), io.cwd];
  const name = createHash('sha256').update(JSON.stringify(what)).digest('hex').slice(0, 12);
  return path.join(data, `publish-${name}.db`);
}
