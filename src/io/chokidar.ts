import { watch as watchByChokidar } from 'chokidar';

/**
 * The library that watches files. In the published library, the build bundles chokidar itself into this module: as a
 * dependency, chokidar 6 would make npm warn users of Node 22 before 22.22, although it runs there.
 */
export const watch = watchByChokidar;

/** A watcher of chokidar. */
export type FSWatcher = ReturnType<typeof watch>;
