import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { TaskTrackingService } from '../../../src/ledger/service.ts';
import { sourceId } from '../../../src/model/id.ts';
import { createLedgerSource } from '../../../src/sources/ledger/source.ts';
import { hurriedClock } from '../../helpers/hurried-clock.ts';
import { temporaryDirectory } from '../../helpers/temporary-directory.ts';
import { describeSourceContract, type WorldStatus } from '../source-contract.ts';

describeSourceContract('the ledger source', async () => {
  const directory = await temporaryDirectory();
  const path = directory.file('ledger.db');
  let ledger = await TaskTrackingService.open({ path });
  let added = 0;

  const move = async (id: string, status: WorldStatus) => {
    if (status === 'queued') return;
    if ((await ledger.get(id)).status.status === 'pending') await ledger.start(id);
    if (status === 'completed') await ledger.complete(id);
    if (status === 'failed') await ledger.fail(id, { error: 'no disk' });
  };

  return {
    source: createLedgerSource({ id: sourceId('ledger'), path, clock: hurriedClock }),
    async add({ name, status }) {
      added += 1;
      const id = `T${added}`;
      await ledger.register({ id, name });
      await move(id, status);
      return id;
    },
    change: move,
    async breakDown() {
      await ledger.close();
      renameSync(path, `${path}.away`);
      writeFileSync(path, 'this is no database, however long it may be');
    },
    async mend() {
      rmSync(path);
      renameSync(`${path}.away`, path);
      ledger = await TaskTrackingService.open({ path });
    },
    // The ledger itself obeys: it is what the command changes.
    obey: async () => {},
    async close() {
      await ledger.close();
      await directory[Symbol.asyncDispose]();
    },
  };
});
