import { createFakeClock, type FakeClock } from '../../src/clock.ts';
import type { LedgerError } from '../../src/ledger/ledger-error.ts';
import type { TaskTrackingOptions } from '../../src/ledger/options.ts';
import { TaskTrackingService } from '../../src/ledger/service.ts';
import { temporaryDirectory } from './temporary-directory.ts';

/** A ledger in a directory of its own, both removed at the end of their scope (`await using`). */
export async function temporaryLedger(options: TaskTrackingOptions = {}): Promise<
  AsyncDisposable & {
    readonly ledger: TaskTrackingService;
    readonly path: string;
    file(name: string): string;
    /** Opens a second connection to the same file. */
    again(options?: TaskTrackingOptions): Promise<TaskTrackingService>;
  }
> {
  const directory = await temporaryDirectory();
  const path = directory.file('ledger.db');
  const ledger = await TaskTrackingService.open({ path, ...options });
  const opened = [ledger];
  return {
    ledger,
    path,
    file: directory.file,
    async again(others = {}) {
      const another = await TaskTrackingService.open({ path, ...options, ...others });
      opened.push(another);
      return another;
    },
    async [Symbol.asyncDispose]() {
      for (const one of opened) await one.close();
      await directory[Symbol.asyncDispose]();
    },
  };
}

/** Returns a clock that stands still, for ledgers whose times matter. */
export function stillClock(): FakeClock {
  return createFakeClock(1_000_000);
}

/** Returns the error with which a refused call rejects; fails if it does not reject. */
export async function refusalOf(call: Promise<unknown>): Promise<LedgerError> {
  try {
    await call;
  } catch (error) {
    return error as LedgerError;
  }
  throw new Error('it was not refused');
}

/** Returns the history of a ledger in words: `backup started pending→in_progress`. */
export async function storyOf(ledger: TaskTrackingService): Promise<string[]> {
  const history = await ledger.history();
  return history.map(({ task, event, from, to }) => `${task} ${event} ${from ?? ''}→${to}`);
}
