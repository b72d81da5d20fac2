/** A worker in its own process: prints its address, then carries out standard input line by line, and reports a cancel. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createInterface } from 'node:readline';
import { createAguiSink } from '../../src/publish/agui/sink.ts';
import { DashboardStateEmitter } from '../../src/publish/dashboard-state/emitter.ts';

const sink = createAguiSink();
const emitter = new DashboardStateEmitter({ sinks: [sink] });
const server = createServer(sink.handle).listen(0, '127.0.0.1', () => {
  console.log(`http://127.0.0.1:${(server.address() as AddressInfo).port}/agui`);
});

const signal = emitter.startTask('t1', 'Index the library', ['read', 'sort', 'write']);
signal.addEventListener('abort', () => console.log('cancelled'));

/** `step 1 40` begins a step, `done` completes the task. */
for await (const line of createInterface({ input: process.stdin })) {
  const [word, index, progress] = line.split(' ');
  if (word === 'step') {
    for (let before = 0; before < Number(index); before += 1)
      emitter.updateTaskStep('t1', before, 'completed');
    emitter.updateTaskStep('t1', Number(index), 'running', Number(progress));
  }
  if (word === 'done') emitter.completeTask('t1');
  if (word === 'again')
    emitter
      .startTask('t1', 'Index the library', ['read', 'sort', 'write'])
      .addEventListener('abort', () => console.log('cancelled'));
}
server.closeAllConnections();
server.close();
