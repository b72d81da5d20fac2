import type { PlainText } from '../model/text.ts';

/** What somebody can be notified of, the most urgent first. */
export const NOTIFY_EVENTS = [
  'needs-input',
  'failed',
  'review',
  'stalled',
  'source-down',
  'completed',
  'all-done',
] as const;
export type NotifyEvent = (typeof NOTIFY_EVENTS)[number];

/** The events of a channel by default: all but `all-done`, which only repeats that the last task completed. */
export const USUAL_EVENTS: readonly NotifyEvent[] = NOTIFY_EVENTS.filter((event) => event !== 'all-done');

/** Something that is true of a task, of a source, or of all tasks, and that somebody may want to know. */
export interface Condition {
  readonly event: NotifyEvent;
  /** What it is about, by the same name in every process that watches it. */
  readonly place: string;
  /** Tells it from the same event that follows immediately: another question, another attempt. */
  readonly signature: string;
  /** When it began, according to the source (epoch ms); null if unknown. */
  readonly stamp: number | null;
  /** The task's id, or the source's; null if it is about all tasks. */
  readonly id: string | null;
  readonly name: PlainText;
  /** The question, the error, or what is wrong with the source. */
  readonly text: PlainText | null;
  /** The source of the task. */
  readonly source: PlainText | null;
  /** The machine on which the task runs, if it is known. */
  readonly host: PlainText | null;
}

/** What a channel sends: one condition, or several at once. */
export interface Notification {
  /** The most urgent of its conditions' events. */
  readonly event: NotifyEvent;
  /** One line each, as short as a notification has to be. */
  readonly title: PlainText;
  readonly text: PlainText;
  readonly conditions: readonly Condition[];
  /** Epoch ms. */
  readonly at: number;
  /** Whether it is only a test of whether notifications arrive. */
  readonly isTest: boolean;
}
