import type { LedgerEventName, LedgerStatus } from './sql/words.ts';

/** One line of a task's history: what happened, and its status before and after. */
export interface HistoryEntry {
  /** Increases throughout the ledger, in the order of writing. */
  readonly id: number;
  readonly task: string;
  readonly run: number;
  readonly attempt: number;
  readonly event: LedgerEventName;
  /** Null if the run begins with this line. */
  readonly from: LedgerStatus | null;
  readonly to: LedgerStatus;
  /** Epoch ms. */
  readonly at: number;
  /** Who did it, according to the caller. */
  readonly by: string | null;
  readonly reason: string | null;
  /** What a command printed: its first and last part, at most 64 KiB. */
  readonly output: string | null;
  readonly progress: number | null;
}
