/**
 * Makes a file's handle one that is closed at the end of its block: `await using handle = closing(await open(path))`.
 * Node's own can do that by themselves; those that Yarn's Plug'n'Play puts in their place cannot.
 */
export function closing<T extends { close(): Promise<void> }>(handle: T): T & AsyncDisposable {
  if (Symbol.asyncDispose in handle) return handle as T & AsyncDisposable;
  return Object.assign(handle, { [Symbol.asyncDispose]: () => handle.close() });
}
