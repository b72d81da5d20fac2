/** Another process that uses a ledger: for each line of its standard input it renames the task `watched` to that. */
import { createInterface } from 'node:readline';
import { TaskTrackingService } from '../../../src/ledger/service.ts';

const ledger = await TaskTrackingService.open({ path: process.argv[2] ?? '' });
for await (const name of createInterface(process.stdin)) await ledger.update('watched', { name });
await ledger.close();
