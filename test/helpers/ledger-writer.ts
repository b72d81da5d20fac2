/**
 * A process that works on a ledger side by side with others, or until it is killed; its instructions are JSON on standard
 * input.
 */
import { text } from 'node:stream/consumers';
import { TaskTrackingService } from '../../src/ledger/service.ts';

const { path, task, updates }: { path: string; task: string; updates: number } = JSON.parse(
  await text(process.stdin),
);
try {
  const ledger = await TaskTrackingService.open({
    path,
    by: `process ${process.pid}`,
    lockTimeoutMs: 60_000,
  });
  for (let n = 1; n <= updates; n += 1) {
    const { status } = await ledger.get(task);
    if (status.status === 'pending') await ledger.start(task);
    else await ledger.update(task, { progress: Math.random() * 100 });
    if (n === 1) process.stdout.write('writing\n');
  }
  await ledger.close();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
