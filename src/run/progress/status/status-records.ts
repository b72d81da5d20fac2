import { plainName } from '../../../model/text.ts';
import type { Found, FoundStep } from '../found.ts';
import { RUNS_ON, type Standing } from './standing.ts';
import { ROOT, type StatusRecord, type StatusReport } from './status-report.ts';

/** What the command has reported about itself and what it has started, as records of the Program Status Protocol. */
export interface StatusRecords {
  take(report: Exclude<StatusReport, { kind: 'query' }>): void;
  /** Forgets everything, because the terminal was reset. */
  clear(): void;
  readonly found: Found;
  readonly standing: Standing;
}

/** The protocol asks for at least 64; the least recently updated one is dropped first. */
const MOST_RECORDS = 64;
const STEP_STATUS: Readonly<Record<StatusRecord['state'], FoundStep['status']>> = {
  idle: 'pending',
  working: 'running',
  blocked: 'running',
  done: 'completed',
  error: 'failed',
};

/** Creates a store of records. A program may print very many, so nothing is derived from them until it is asked for. */
export function createStatusRecords(): StatusRecords {
  /** In the order in which they were first reported. */
  const records = new Map<string, StatusRecord>();
  /** Their ids, the least recently updated first. */
  const updated = new Set<string>();

  function remove(id: string): void {
    records.delete(id);
    updated.delete(id);
  }

  function add(id: string, record: StatusRecord): void {
    records.set(id, record);
    updated.delete(id);
    updated.add(id);
    const [oldest] = updated;
    if (records.size > MOST_RECORDS && oldest !== undefined) remove(oldest);
  }

  return {
    take(report) {
      if (report.kind === 'record') return add(report.id, report.record);
      for (const id of [...records.keys()]) {
        if (report.id === ROOT || id === report.id || id.startsWith(`${report.id}/`)) remove(id);
      }
    },
    clear() {
      records.clear();
      updated.clear();
    },
    get found() {
      return foundIn(records);
    },
    get standing() {
      return standingIn(records);
    },
  };
}

/**
 * Returns the progress in the records: the program's own figure is that of the whole; without one, the whole is what it has
 * started.
 */
function foundIn(records: ReadonlyMap<string, StatusRecord>): Found {
  const own = records.get(ROOT)?.progress ?? null;
  const children = [...records].filter(([id]) => id !== ROOT);
  if (children.length === 0) return own === null ? { kind: 'unknown' } : { kind: 'percent', percent: own };
  const steps = children.map(
    ([id, record]): FoundStep => ({
      name: nameOf(id, record),
      status: STEP_STATUS[record.state],
      percent: record.progress,
      ...(own === null ? {} : { weight: 0 }),
    }),
  );
  if (own === null) return { kind: 'steps', steps };
  const name = plainName(records.get(ROOT)?.title ?? '') || appOf(ROOT, records) || 'all';
  return { kind: 'steps', steps: [{ name, status: 'running', percent: own }, ...steps] };
}

function nameOf(id: string, { title }: StatusRecord): string {
  return plainName(title ?? '') || (id.split('/').at(-1) ?? id);
}

/** Returns a record's app, or that of its nearest ancestor. */
function appOf(id: string, records: ReadonlyMap<string, StatusRecord>): string | null {
  const app = records.get(id)?.app ?? null;
  if (app !== null || id === ROOT) return app;
  return appOf(id.includes('/') ? id.slice(0, id.lastIndexOf('/')) : ROOT, records);
}

/** Returns what the program waits for: first a person, whichever part of the program asks. */
function standingIn(records: ReadonlyMap<string, StatusRecord>): Standing {
  const asking = [...records].find(([id, { state }]) => state === 'blocked' && id === ROOT);
  const [id, record] = asking ??
    [...records].find(([, { state }]) => state === 'blocked') ?? [ROOT, records.get(ROOT)];
  if (!record) return RUNS_ON;
  const message = plainName(record.message ?? '');
  const told = (word: string) => (message ? `${word}: ${message}` : word);
  switch (record.state) {
    case 'blocked': {
      const from = id === ROOT ? '' : ` of ${nameOf(id, record)}`;
      const word = record.reason === 'auth' ? 'sign-in' : (record.reason ?? 'an answer');
      if (!record.reason && message && !from) return { question: message, idle: null };
      return {
        question: message ? `${record.reason ?? 'question'}${from}: ${message}` : `waits for ${word}${from}`,
        idle: null,
      };
    }
    case 'error':
      return { question: told('error'), idle: null };
    case 'done':
      return { question: null, idle: told('turn done') };
    case 'idle':
      return { question: null, idle: told('idle') };
    case 'working':
      return RUNS_ON;
    default:
      record.state satisfies never;
      return RUNS_ON;
  }
}
