import { PerformanceObserver } from 'node:perf_hooks';
import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';

/**
 * V8 doubles the space for new objects up to 64 MiB whenever many of them survive, and hardly ever gives it back. A
 * burst of news would make every view that much larger for the rest of the day; a quarter of it collects as fast.
 */
const LARGEST_BYTES = 16 * 1024 * 1024;

/** Lets the space for new objects grow no further than to `LARGEST_BYTES`, where the runtime can be told so. */
export function boundYoungGeneration(): void {
  if (process.versions.bun || 'Deno' in globalThis) return; // other engines have other heaps
  const observer = new PerformanceObserver(() => {
    if (youngGenerationBytes() < LARGEST_BYTES) return;
    // Read by V8 at each growth, so it holds at once, unlike the sizes themselves, which it reads at its start.
    setFlagsFromString('--semi-space-growth-factor=1');
    observer.disconnect();
  });
  observer.observe({ entryTypes: ['gc'] });
}

function youngGenerationBytes(): number {
  return getHeapSpaceStatistics().find(({ space_name: name }) => name === 'new_space')?.space_size ?? 0;
}
