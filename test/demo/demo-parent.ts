/** Starts a demo in the directory named, says so, and waits to be killed. */

import { systemClock } from '../../src/clock.ts';
import { startDemo } from '../../src/demo/start.ts';

const demo = await startDemo({
  clock: systemClock,
  isEndless: true,
  directory: process.argv[2] as string,
});
console.log(JSON.stringify(demo.workers.map((worker) => worker.pid)));
