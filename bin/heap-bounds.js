'use strict';

/* What V8 is told of its heap as the program runs, and not when it starts: it reads some sizes only then. */

const { getHeapSpaceStatistics, setFlagsFromString } = require('node:v8');

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

/** The flags that are set below, as V8 has them by itself. */
const OWN_FLAGS = { 'heap-growing-percent': 0, 'semi-space-growth-factor': 2 };
const set = new Map();

/** Bounds what the heap takes beside the objects in use, if the runtime can be told so. */
exports.boundHeap = () => {
  if (process.versions.bun || process.versions.deno) return; // other engines have other heaps
  const { PerformanceObserver } = require('node:perf_hooks');
  // Both are read by V8 whenever a space grows, so they hold at once, unlike the sizes.
  setFlag('heap-growing-percent', LARGEST_GROWTH_PERCENT);
  const observer = new PerformanceObserver(() => {
    if (youngGenerationBytes() < LARGEST_YOUNG_BYTES) return;
    setFlag('semi-space-growth-factor', 1);
    observer.disconnect();
  });
  observer.observe({ entryTypes: ['gc'] });
};

/** Works under the flags with which V8 has started: it takes no code that was kept under others. */
exports.withFlagsOfStart = (work) => {
  for (const name of set.keys()) setFlagsFromString(`--${name}=${OWN_FLAGS[name]}`);
  try {
    return work();
  } finally {
    for (const [name, value] of set) setFlagsFromString(`--${name}=${value}`);
  }
};

function setFlag(name, value) {
  set.set(name, value);
  setFlagsFromString(`--${name}=${value}`);
}

function youngGenerationBytes() {
  return getHeapSpaceStatistics().find(({ space_name: name }) => name === 'new_space')?.space_size ?? 0;
}
