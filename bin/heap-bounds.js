'use strict';

/* Bounds V8's heap while the program runs. */

/** Loaded late: that takes a third of the time of a short command, which ends before it needs it. */
const v8 = () => require('node:v8');

/**
 * V8 doubles the space for new objects, up to 64 MiB, whenever many of them survive, and hardly ever shrinks it again. After
 * one burst of updates, a view would be that much larger for the rest of the day; a quarter of it is collected as fast.
 */
const LARGEST_YOUNG_BYTES = 16 * 1024 * 1024;
/**
 * By default, V8 lets garbage grow to several times the size of the live objects, which suits short programs. A view that a
 * server floods with updates would hold hundreds of megabytes of garbage.
 */
const LARGEST_GROWTH_PERCENT = 50;

/** The defaults of the flags that are set below. */
const OWN_FLAGS = { 'heap-growing-percent': 0, 'semi-space-growth-factor': 2 };
const set = new Map();

/** Bounds how much the heap takes beyond the live objects, if the runtime supports it. */
exports.boundHeap = () => {
  if (process.versions.bun || process.versions.deno) return; // other engines have other heaps
  const { PerformanceObserver } = require('node:perf_hooks');
  // V8 reads both flags whenever a space grows, so they take effect at once; it reads the flags for sizes only at the start.
  setFlag('heap-growing-percent', LARGEST_GROWTH_PERCENT);
  const observer = new PerformanceObserver(() => {
    if (youngGenerationBytes() < LARGEST_YOUNG_BYTES) return;
    setFlag('semi-space-growth-factor', 1);
    observer.disconnect();
  });
  observer.observe({ entryTypes: ['gc'] });
};

/** Runs `work` with V8's initial flags: it rejects code that was cached under other ones. */
exports.withFlagsOfStart = (work) => {
  for (const name of set.keys()) v8().setFlagsFromString(`--${name}=${OWN_FLAGS[name]}`);
  try {
    return work();
  } finally {
    for (const [name, value] of set) v8().setFlagsFromString(`--${name}=${value}`);
  }
};

function setFlag(name, value) {
  set.set(name, value);
  v8().setFlagsFromString(`--${name}=${value}`);
}

function youngGenerationBytes() {
  return (
    v8()
      .getHeapSpaceStatistics()
      .find(({ space_name: name }) => name === 'new_space')?.space_size ?? 0
  );
}
