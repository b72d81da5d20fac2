import path from 'node:path';
import { type SourceId, sourceId } from '../model/id.ts';

/**
 * Returns short ids: the file's name, with as many folders before it as needed to tell equal names apart, and a number
 * if names differ only in what cannot be shown.
 */
export function nameFiles(files: readonly string[]): { id: SourceId; file: string }[] {
  const taken = new Set<SourceId>();
  return files.map((file) => {
    const tail = shortestUniqueTail(file, files);
    let id = sourceId(tail);
    for (let number = 2; taken.has(id); number += 1) id = sourceId(`${tail} (${number})`);
    taken.add(id);
    return { id, file };
  });
}

function shortestUniqueTail(file: string, files: readonly string[]): string {
  const parts = file.split(path.sep);
  for (let length = 1; length < parts.length; length += 1) {
    const tail = parts.slice(-length).join('/');
    if (files.every((other) => other === file || !`/${other.split(path.sep).join('/')}`.endsWith(`/${tail}`)))
      return tail;
  }
  return file;
}
