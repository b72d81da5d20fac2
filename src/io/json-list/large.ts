/**
 * From this size on, reading a document on the main thread takes longer than a frame may take. A thread needs 15 MB and a
 * moment to start, so smaller documents are read on the main thread.
 */
export const LARGE_BYTES = 2 * 1024 * 1024;
