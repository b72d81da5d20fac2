import type { SourceId } from '../model/id.ts';
import type { OpenTaskTable, SourceRecord } from './state.ts';
import { emptyTaskTable } from './task-table.ts';

/** A record that is being changed. Its task table is opened only when it is first written to. */
export interface RecordDraft {
  readonly record: SourceRecord;
  readonly changed: boolean;
  set(changes: Partial<SourceRecord>): void;
  tasks(): OpenTaskTable;
  done(): SourceRecord;
}

export function draftOf(original: SourceRecord): RecordDraft {
  let record = original;
  let ownTasks: OpenTaskTable | null = null;
  return {
    get record() {
      return record;
    },
    get changed() {
      return record !== original;
    },
    set(changes) {
      record = { ...record, ...changes };
    },
    tasks() {
      if (!ownTasks) {
        ownTasks = record.tasks.open();
        record = { ...record, tasks: ownTasks };
      }
      return ownTasks;
    },
    done() {
      ownTasks?.close();
      return record;
    },
  };
}

/** Returns the record of a source that has not reported anything yet. */
export function unheard(id: SourceId): SourceRecord {
  return {
    id,
    kind: '',
    location: '',
    status: 'connecting',
    problem: null,
    peers: [],
    tasks: emptyTaskTable(),
    gone: new Map(),
    floor: 0,
    hasEnded: false,
  };
}
