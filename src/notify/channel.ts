import type { ModeSequences } from '../io/mode-sequences.ts';
import type { Problem } from '../model/problem.ts';
import type { Notification } from './event.ts';
import type { Summary } from './summary.ts';

/** The outcome of a notification. */
export type Outcome =
  /** Somebody has confirmed that it arrived. */
  | { readonly kind: 'arrived' }
  /** It was sent; nobody answers. */
  | { readonly kind: 'sent' }
  | { readonly kind: 'failed'; readonly problem: Problem };

export const SENT: Outcome = { kind: 'sent' };
export const ARRIVED: Outcome = { kind: 'arrived' };

export function failed(problem: Problem): Outcome {
  return { kind: 'failed', problem };
}

/** A way to notify somebody, each in a file of `channels/`. */
export interface Channel {
  /** Sends a notification, until `signal` aborts. Never rejects. Absent on a channel that only shows how all tasks stand. */
  tell?(notification: Notification, signal: AbortSignal): Promise<Outcome>;
  /** Shows how all tasks stand, while we have the terminal. */
  show?(summary: Summary): void;
  /** What is written to the terminal when we get it, and when we give it back. */
  readonly modes?: ModeSequences;
  /** Returns what prevents notifications here. Never rejects. */
  check(signal: AbortSignal): Promise<readonly Problem[]>;
}
