import type { CommandName, CommandStage } from '../model/command.ts';
import type { Peer, SourceStatus } from '../model/event.ts';
import type { SourceId, TaskId } from '../model/id.ts';
import type { Problem } from '../model/problem.ts';
import type { Task } from '../model/task.ts';

/** All that is known now. Immutable; made only by `reduce`. */
export interface State {
  readonly sources: ReadonlyMap<SourceId, SourceRecord>;
  /** What is wrong beside the sources: the history of earlier runs cannot be read. */
  readonly problems: readonly Problem[];
}

/** What one source has said so far. */
export interface SourceRecord {
  readonly id: SourceId;
  readonly kind: string;
  readonly location: string;
  readonly status: SourceStatus;
  readonly problem: Problem | null;
  readonly peers: readonly Peer[];
  readonly tasks: TaskTable;
  /** The revision at which each task lately went away, so that a late update does not bring it back. */
  readonly gone: ReadonlyMap<TaskId, number>;
  /** The revision of the newest snapshot: older news of a task it did not list is out of date. */
  readonly floor: number;
  /** It has no more to say: a pipe that was closed. */
  readonly hasEnded: boolean;
}

/**
 * The tasks of one source, in the order in which they were first told. Immutable, and cheap to change: the next table
 * shares all but a few hundred places with this one, where a copied map of a hundred thousand would cost 20 ms. A task
 * that was removed and comes back is in its old place.
 */
export interface TaskTable extends ReadonlyMap<TaskId, TaskEntry> {
  /** All of it, in order; the same list each time. */
  toArray(): readonly TaskEntry[];
  /** The next table, open for changes; this one stays as it is. */
  open(): OpenTaskTable;
}

/** A table that can be changed, until it is closed. */
export interface OpenTaskTable extends TaskTable {
  set(id: TaskId, entry: TaskEntry): void;
  delete(id: TaskId): void;
  /** From now on it is immutable. */
  close(): void;
}

/** A task with what this view has noticed about it. Times are epoch ms of this machine's clock. */
export interface TaskEntry {
  readonly task: Task;
  /** The command that is on its way, until the source reports. */
  readonly pending: PendingCommand | null;
  /** Why the last command came to nothing; gone with the next news or command. */
  readonly refused: RefusedCommand | null;
  readonly lastNewsAt: number;
  /** The usual time between two updates, ms; null before the second one. */
  readonly usualGapMs: number | null;
  /** How many updates arrived: what the spinner shows. */
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
  /** When it was refused, epoch ms. */
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

/** Returns every task of every source, in the sources' order; the same list each time. */
export function allEntries(state: State): readonly TaskEntry[] {
  const known = listed.get(state);
  if (known) return known;
  const lists = [...state.sources.values()].map(({ tasks }) => tasks.toArray());
  const [only = []] = lists;
  const entries = lists.length <= 1 ? only : lists.flat();
  listed.set(state, entries);
  return entries;
}

const hostCounts = new WeakMap<readonly TaskEntry[], number>();

/** Returns how many machines the tasks run on, as far as that is known. Two are as good as many. */
export function hostsOf(state: State): number {
  const entries = allEntries(state);
  const known = hostCounts.get(entries);
  if (known !== undefined) return known;
  const hosts = new Set<string>();
  for (const { task } of entries) {
    if (task.host) hosts.add(task.host);
    if (hosts.size > 1) break;
  }
  hostCounts.set(entries, hosts.size);
  return hosts.size;
}
