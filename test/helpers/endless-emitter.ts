/** Publishes a task in the named state file, and runs until it is killed. */
import { DashboardStateEmitter } from '../../src/publish/dashboard-state/emitter.ts';

const emitter = new DashboardStateEmitter({ file: process.argv[2] ?? '', onRetry() {} });
emitter.startTask('a', 'Endless', ['read', 'write']);
emitter.updateTaskStep('a', 0, 'running', 40);
emitter.startTask('b', 'Short');
emitter.completeTask('b');
emitter.startTask('c', 'Failing');
emitter.failTask('c', 'it failed');
await emitter.flush();
process.send?.('published');
setInterval(() => {}, 1 << 30);
