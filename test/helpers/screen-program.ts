/** A program for tests in a real terminal: the screen over a scene, given by name and options in JSON. */

import { systemClock } from '../../src/clock.ts';
import { words } from '../../src/model/text.ts';
import { createMonitor } from '../../src/monitor.ts';
import { type AppOptions, runApp } from '../../src/ui/run-app.ts';
import { everything, many, nothing, type Scene, silent } from './scenes.ts';

interface ProgramOptions {
  readonly scene?: 'everything' | 'nothing' | 'silent' | 'many';
  readonly count?: number;
  /** Moves the first task forward at this interval (ms). */
  readonly newsEveryMs?: number;
  /** Throws after this many ms: a crash outside of drawing. */
  readonly crashAfterMs?: number;
  readonly app?: Partial<AppOptions>;
}

const options = JSON.parse(process.argv[2] || '{}') as ProgramOptions;
const count = options.count ?? 20;
const scenes: Record<string, Scene> = { everything, nothing, silent: silent(count), many: many(count) };

const ending = new AbortController();
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(name, () => ending.abort(name));

const sources = (scenes[options.scene ?? 'everything'] ?? everything)(systemClock);
const monitor = createMonitor({ sources, clock: systemClock });
const news = options.newsEveryMs ? setInterval(moveOn, options.newsEveryMs) : undefined;
if (options.crashAfterMs) setTimeout(crash, options.crashAfterMs);

const { reason } = await runApp({
  monitor,
  clock: systemClock,
  options: {
    host: words`user@host`,
    readOnly: false,
    ascii: false,
    color: true,
    fps: 30,
    stallAfterMs: 30_000,
    filter: words``,
    sort: 'urgency',
    ...options.app,
  },
  dismissals: { load: async () => ({}), save: async () => null },
  seen: { load: async () => ({}), save: async () => null },
  stdin: process.stdin,
  stdout: process.stdout,
  signal: ending.signal,
});
clearInterval(news);
await monitor.close();
process.stdout.write(`ended by ${reason}\n`, () => process.exit(0));
setTimeout(() => process.exit(0), 500); // nobody may be there to read that

function moveOn(): void {
  const first = [...monitor.getState().sources.values()].flatMap((source) => [...source.tasks.values()])[0];
  if (!first) return;
  const { task } = first;
  const progress = ((task.reportedProgress ?? 0) + 1) % 100;
  const steps = task.steps.map((step) => (step.status === 'running' ? { ...step, progress } : step));
  sources[0]?.put({ ...task, steps, reportedProgress: progress, updatedAt: Date.now() });
}

function crash(): never {
  throw new Error('a crash on purpose');
}
