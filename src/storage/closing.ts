/**
 * Makes a file handle disposable, so that it is closed at the end of a block: `await using handle = closing(await
 * open(path))`. Node's own handles are disposable already; the ones with which Yarn's Plug'n'Play replaces them are not.
 */
export function closing<T extends { close(): Promise<void> }>(handle: T): T & AsyncDisposable {
  if (Symbol.asyncDispose in handle) return handle as T & AsyncDisposable;
  return Object.assign(handle, { [Symbol.asyncDispose]: () => handle.close() });
}
