/** Starts a task as the user nobody (root may write everywhere, even where nobody may not), and reports how it was refused. */
import type { LedgerError } from '../../src/ledger/ledger-error.ts';
import { TaskTrackingService } from '../../src/ledger/service.ts';

process.setgid?.(65_534);
process.setuid?.(65_534);
try {
  const ledger = await TaskTrackingService.open({ path: process.argv[2] ?? '' });
  const { status } = await ledger.start('a');
  process.send?.({ started: status.status });
} catch (error) {
  const { code, problem } = error as LedgerError;
  process.send?.({ code, message: problem?.message ?? String(error) });
}
process.disconnect?.();
