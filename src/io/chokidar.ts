import { watch as watchByChokidar } from 'chokidar';

/**
 * The library that watches files. In the published library this module is chokidar itself, bundled by the build: as a
 * dependency, chokidar 6 would make npm warn users of a Node 22 before 22.22, on which it runs as well.
 */
export const watch = watchByChokidar;

/** A watch of chokidar's. */
export type FSWatcher = ReturnType<typeof watch>;
