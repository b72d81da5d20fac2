import { once } from 'node:events';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { expect, test } from 'vitest';
import { temporaryDirectory } from '../helpers/temporary-directory.ts';

const moduleAt = (path: string) => JSON.stringify(new URL(`../../src/${path}`, import.meta.url).href);

test('databases are made in a worker thread too, for their owner only', async () => {
  await using directory = await temporaryDirectory();
  const program = `
    import { connectLedger } from ${moduleAt('ledger/sql/ledger-file.ts')};
    import { migrateLedger } from ${moduleAt('ledger/sql/migrate-ledger.ts')};
    import { openLedgerDatabase } from ${moduleAt('ledger/sql/open-ledger.ts')};
    import { openOutbox } from ${moduleAt('storage/outbox.ts')};
    const [ledger, jobs, outbox] = ['ledger', 'jobs', 'outbox'].map((name) => ${JSON.stringify(directory.path)} + '/' + name);
    openLedgerDatabase(':memory:', 0);
    globalThis.kept = [openLedgerDatabase(ledger, 0), openOutbox(outbox, 0)];
    connectLedger(jobs, (database) => database.exec('CREATE TABLE jobs (id)'));
    migrateLedger(jobs, 0);
    setInterval(() => {}, 1_000); // keeps what lies beside an open database
    (await import('node:worker_threads')).parentPort.postMessage('open');`;
  const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(program)}`));
  await once(worker, 'message');
  const modes = readdirSync(directory.path).map((name) => {
    return `${name} ${(statSync(join(directory.path, name)).mode & 0o777).toString(8)}`;
  });
  await worker.terminate();
  expect(modes).toEqual([
    'jobs 600',
    'jobs.1970-01-01T00-00-00-000Z.backup 600',
    'ledger 600',
    'ledger-shm 600',
    'ledger-wal 600',
    'outbox 600',
    'outbox-wal 600',
  ]);
});
