import type { LedgerEventName, LedgerStatus } from './sql/words.ts';

/** One line of a task's history: what happened, and its status before and after. */
export interface HistoryEntry {
  /** Rises through the whole ledger, in the order in which it was written. */
  readonly id: number;
  readonly task: string;
  readonly run: number;
  readonly attempt: number;
  readonly event: LedgerEventName;
  /** Null if the run begins with it. */
  readonly from: LedgerStatus | null;
  readonly to: LedgerStatus;
  /** Epoch ms. */
  readonly at: number;
  /** Who did it, as the caller names itself. */
  readonly by: string | null;
  readonly reason: string | null;
  /** What a command printed: its first and last part, 64 KiB at most. */
  readonly output: string | null;
  readonly progress: number | null;
}
