import { PerformanceObserver } from 'node:perf_hooks';
import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';

/**
 * V8 doubles the space for new objects up to 64 MiB whenever many of them survive, and hardly ever gives it back. A
 * burst of news would make every view that much larger for the rest of the day; a quarter of it collects as fast.
 */
const LARGEST_YOUNG_BYTES = 16 * 1024 * 1024;
/**
 * V8 lets what is no longer used pile up to several times of what is, as a program that runs for a moment wants it. A
 * view that a server floods would hold hundreds of megabytes of what was superseded long ago.
 */
const LARGEST_GROWTH_PERCENT = 50;

/** Bounds what the heap takes beside the objects in use, if the runtime can be told so. */
export function boundHeap(): void {
  if (process.versions.bun || 'Deno' in globalThis) return; // other engines have other heaps
  // Both are read by V8 whenever a space grows, so they hold at once, unlike the sizes, which it reads at its start.
  setFlagsFromString(`--heap-growing-percent=${LARGEST_GROWTH_PERCENT}`);
  const observer = new PerformanceObserver(() => {
    if (youngGenerationBytes() < LARGEST_YOUNG_BYTES) return;
    setFlagsFromString('--semi-space-growth-factor=1');
    observer.disconnect();
  });
  observer.observe({ entryTypes: ['gc'] });
}

function youngGenerationBytes(): number {
  return getHeapSpaceStatistics().find(({ space_name: name }) => name === 'new_space')?.space_size ?? 0;
}
