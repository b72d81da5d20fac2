import { findSources } from '../../src/sources/open/find-sources.ts';

// Searches a directory as whoever started it and tells what it found: only a process of its own can be somebody else.
process.send?.(await findSources(String(process.argv[2])));
