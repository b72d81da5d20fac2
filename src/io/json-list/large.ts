/**
 * From this size on, a document takes longer to read here than a frame may. A thread takes 15 MB and a moment to start, so
 * smaller ones are read here.
 */
export const LARGE_BYTES = 2 * 1024 * 1024;
