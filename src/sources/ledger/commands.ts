import type { Clock } from '../../clock.ts';
import { whoAsks } from '../../io/who-asks.ts';
import { LedgerError } from '../../ledger/ledger-error.ts';
import type { CommandName } from '../../model/command.ts';
import { problem } from '../../model/problem.ts';
import { refusedBecause } from '../../model/refused.ts';
import { shellWord } from '../../model/shell-word.ts';
import { plainName, words } from '../../model/text.ts';
import type { CommandHandler, Source } from '../kit/source.ts';

/** How long a command waits while another program keeps the ledger locked, ms: less than the view waits for the command. */
const LOCK_TIMEOUT_MS = 8_000;

/**
 * Creates cancel and retry for a ledger's tasks, equivalent to `ledger cancel-task` and `ledger reset-task`; the service is
 * loaded with the first command. A view never writes into a database that belongs to another program.
 */
export function createLedgerCommands(path: string, clock: Clock, isGuest: () => boolean): Source['commands'] {
  const handler =
    (command: CommandName, change: (ledger: Ledger, id: string) => Promise<unknown>): CommandHandler =>
    async (nativeId) => {
      if (isGuest()) return { kind: 'refused', problem: guestProblem(path, command) };
      try {
        await withLedger(path, clock, (ledger) => change(ledger, nativeId));
        return { kind: 'sent' };
      } catch (error) {
        if (!(error instanceof LedgerError)) throw error;
        return refusedBecause(command, error.problem);
      }
    };

  return {
    cancel: handler('cancel', (ledger, id) => ledger.cancel(id, { reason: `Cancelled by ${whoAsks()}` })),
    retry: handler('retry', (ledger, id) => ledger.reset(id)),
  };
}

type Ledger = Awaited<ReturnType<typeof import('../../ledger/service.ts').TaskTrackingService.open>>;

async function withLedger(
  path: string,
  clock: Clock,
  use: (ledger: Ledger) => Promise<unknown>,
): Promise<void> {
  const { TaskTrackingService } = await import('../../ledger/service.ts');
  const ledger = await TaskTrackingService.open({
    path,
    clock,
    by: whoAsks(),
    createIfMissing: false,
    lockTimeoutMs: LOCK_TIMEOUT_MS,
  });
  try {
    await use(ledger);
  } finally {
    await ledger.close();
  }
}

/** Returns why a view does not write into a ledger in another program's database, and which command does. */
function guestProblem(path: string, command: CommandName) {
  const verb = command === 'cancel' ? 'cancel-task' : 'reset-task';
  const shown = plainName(path);
  return problem(
    'not-allowed',
    'degraded',
    words`${command}: ${shown} belongs to another program, and a view never writes there`,
    words`taskglass ledger ${verb} ID --db ${shellWord(path)}`,
  );
}
