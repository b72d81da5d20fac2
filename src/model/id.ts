import { type PlainText, plainName } from './text.ts';

/** A task's identity across all sources: `<source id>/<native id>`. */
export type TaskId = string & { readonly __task: unique symbol };

/** A source's identity within one run of taskglass: short, readable, unique among the open sources. */
export type SourceId = PlainText & { readonly __source: unique symbol };

/**
 * Makes the id of a source. It is shown on the screen and in logs, so the line breaks and escape sequences that a file's
 * name may contain are removed.
 */
export function sourceId(text: string): SourceId {
  return plainName(text) as SourceId;
}

export function taskId(source: SourceId, nativeId: string): TaskId {
  return `${source}/${nativeId}` as TaskId;
}

/** The source of what this user starts with `taskglass run`: always open by default, and often empty. */
export const OWN_RUNS = sourceId('runs');
