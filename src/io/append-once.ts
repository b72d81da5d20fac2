import { closeSync, constants, fstatSync, openSync, writeSync } from 'node:fs';

const { O_APPEND, O_CREAT, O_NONBLOCK, O_WRONLY } = constants;

/**
 * Appends what `contentFor` returns for the file's size in bytes; null appends nothing. Uses a single write, so that it is not
 * mixed with what others append at the same time. Throws the system's error, or EINVAL if `path` is not a file.
 */
export function appendOnce(path: string, contentFor: (size: number) => string | null): void {
  const fd = openSync(path, O_APPEND | O_CREAT | O_WRONLY | (O_NONBLOCK ?? 0), 0o644);
  try {
    const stats = fstatSync(fd);
    if (!stats.isFile()) throw Object.assign(new Error('not a file'), { code: 'EINVAL', path });
    const content = contentFor(stats.size);
    if (content === null) return;
    const bytes = Buffer.from(content);
    if (writeSync(fd, bytes) < bytes.length)
      throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC', path });
  } finally {
    closeSync(fd);
  }
}
