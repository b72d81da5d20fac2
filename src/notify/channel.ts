import type { ModeSequences } from '../io/mode-sequences.ts';
import type { Problem } from '../model/problem.ts';
import type { Notification } from './event.ts';
import type { Standing } from './standing.ts';

/** What became of a notification. */
export type Outcome =
  /** Somebody has confirmed that it arrived. */
  | { readonly kind: 'arrived' }
  /** It is out; nobody answers. */
  | { readonly kind: 'sent' }
  | { readonly kind: 'failed'; readonly problem: Problem };

export const SENT: Outcome = { kind: 'sent' };
export const ARRIVED: Outcome = { kind: 'arrived' };

export function failed(problem: Problem): Outcome {
  return { kind: 'failed', problem };
}

/** A way to tell somebody: one file in `channels/` each. */
export interface Channel {
  /** Tells of something, until `signal` aborts. Never rejects. Absent on a channel that only shows how all stands. */
  tell?(notification: Notification, signal: AbortSignal): Promise<Outcome>;
  /** Shows how all stands, as long as the terminal is ours. */
  show?(standing: Standing): void;
  /** What the terminal gets when it becomes ours, and when it is given back. */
  readonly modes?: ModeSequences;
  /** Returns what stands in its way here. Never rejects. */
  check(signal: AbortSignal): Promise<readonly Problem[]>;
}
