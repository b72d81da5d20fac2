import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Creates a new empty directory, removed at the end of its scope (`await using`). */
export async function temporaryDirectory(): Promise<
  AsyncDisposable & { path: string; file(name: string): string }
> {
  const path = await mkdtemp(join(tmpdir(), 'taskglass-'));
  return {
    path,
    file: (name) => join(path, name),
    // What a test has ended may still write its last file, such as its compiled code.
    [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true, maxRetries: 10 }),
  };
}
