/** Starts a demo in the directory named, says so, and waits to be killed. */
import { startDemo } from '../../src/cli/commands/demo/start.ts';
import { systemClock } from '../../src/clock.ts';

const demo = await startDemo({
  clock: systemClock,
  isEndless: true,
  directory: process.argv[2] as string,
});
console.log(JSON.stringify(demo.workers.map((worker) => worker.pid)));
