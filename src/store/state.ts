import type { CommandName, CommandStage } from '../model/command.ts';
import type { Peer, SourceStatus } from '../model/event.ts';
import type { SourceId, TaskId } from '../model/id.ts';
import type { Problem } from '../model/problem.ts';
import type { Task } from '../model/task.ts';

/** Everything that is known now. Immutable; made only by `reduce`. */
export interface State {
  readonly sources: ReadonlyMap<SourceId, SourceRecord>;
  /** Problems that belong to no source, such as a history of earlier runs that cannot be read. */
  readonly problems: readonly Problem[];
}

/** What one source has reported so far. */
export interface SourceRecord {
  readonly id: SourceId;
  readonly kind: string;
  readonly location: string;
  readonly status: SourceStatus;
  readonly problem: Problem | null;
  readonly peers: readonly Peer[];
  readonly tasks: TaskTable;
  /** The revision at which each recently removed task was removed, so that a late update does not bring it back. */
  readonly gone: ReadonlyMap<TaskId, number>;
  /** The revision of the newest snapshot: older updates of tasks that it does not list are out of date. */
  readonly floor: number;
  /** It will report no more, such as a pipe that was closed. */
  readonly hasEnded: boolean;
}

/**
 * The tasks of one source, in the order in which they were first reported. Immutable, and cheap to change: the next table
 * shares all but a few hundred places with this one, whereas copying a map of a hundred thousand takes 20 ms. A task that is
 * removed and comes back returns to its old place.
 */
export interface TaskTable extends ReadonlyMap<TaskId, TaskEntry> {
  /** Returns all entries in order; the same array each time. */
  toArray(): readonly TaskEntry[];
  /** Returns a number that increases in the table's order; -1 for a task that is not in it. */
  placeOf(id: TaskId): number;
  /** Returns the next table, open for changes; this one does not change. */
  open(): OpenTaskTable;
}

/** A table that can be changed until it is closed. */
export interface OpenTaskTable extends TaskTable {
  set(id: TaskId, entry: TaskEntry): void;
  delete(id: TaskId): void;
  /** Makes it immutable. */
  close(): void;
}

/** A task, with what this view has observed about it. Times are epoch ms of this machine's clock. */
export interface TaskEntry {
  readonly task: Task;
  /** The command that waits for the source's report. */
  readonly pending: PendingCommand | null;
  /** Why the last command was refused; cleared by the next update or command. */
  readonly refused: RefusedCommand | null;
  readonly lastNewsAt: number;
  /** The usual time between two updates, ms; null before the second one. */
  readonly usualGapMs: number | null;
  /** How many updates have arrived; each turns the spinner. */
  readonly newsCount: number;
  /** When this view saw the task end; null if it had ended before it was first seen. */
  readonly seenEndingAt: number | null;
}

export interface PendingCommand {
  readonly command: CommandName;
  readonly stage: CommandStage;
  readonly askedAt: number;
}

export interface RefusedCommand {
  readonly command: CommandName;
  readonly problem: Problem;
  /** Epoch ms. */
  readonly at: number;
}

export const EMPTY_STATE: State = { sources: new Map(), problems: [] };

export function findEntry(state: State, id: TaskId): TaskEntry | undefined {
  for (const source of state.sources.values()) {
    const entry = source.tasks.get(id);
    if (entry) return entry;
  }
  return undefined;
}

const listed = new WeakMap<State, readonly TaskEntry[]>();

/** Returns every task of every source, in the sources' order; the same array each time. */
export function allEntries(state: State): readonly TaskEntry[] {
  const known = listed.get(state);
  if (known) return known;
  const lists = [...state.sources.values()].map(({ tasks }) => tasks.toArray());
  const [only = []] = lists;
  const entries = lists.length <= 1 ? only : lists.flat();
  listed.set(state, entries);
  return entries;
}

export function countEntries(state: State): number {
  let count = 0;
  for (const { tasks } of state.sources.values()) count += tasks.size;
  return count;
}
