import type { Clock } from '../../clock.ts';
import type { SourceId } from '../../model/id.ts';
import type { Problem } from '../../model/problem.ts';
import type { Step, TaskState } from '../../model/task.ts';
import type { PlainText } from '../../model/text.ts';
import { createDocumentSource } from './document-source.ts';
import type { Source, SourceKind } from './source.ts';
import { BARE_DRAFT, type TaskDraft } from './task-draft.ts';
import { createTicks, type Entry, type EntryTimes } from './ticks.ts';

/** A list in a file: one task, whose entries are ticked off one by one. */
export interface TickList {
  readonly nativeId: string;
  readonly name: PlainText;
  readonly entries: readonly Entry[];
  readonly labels?: Readonly<Record<string, PlainText>>;
  readonly problem: Problem | null;
  readonly raw: unknown;
}

/** What was observed about a list, in addition to what its file says. */
interface Seen {
  readonly times: (key: string) => EntryTimes;
  readonly lastTickAt: number | null;
  /** An entry was ticked recently. */
  readonly isActive: boolean;
  readonly modifiedAt: number;
}

/** For this long after a tick, somebody is assumed to be working on the list: an agent's task takes some minutes. */
const RECENT_MS = 15 * 60_000;

/** Creates a source that is one file and one task, with its entries as steps. There are no commands. */
export function createTickListSource<T>(options: {
  readonly id: SourceId;
  readonly kind: SourceKind;
  readonly path: string;
  readonly clock: Clock;
  /** What a document of this format contains, for the problem of one that does not. */
  readonly expected: PlainText;
  /** Parses one JSON document if absent. */
  readonly parse?: (text: string) => { readonly value: T } | { readonly explain: () => Problem };
  /** Returns null if the document is not of this format. */
  readonly list: (document: T) => TickList | null;
}): Source {
  const { clock } = options;
  const ticks = createTicks();
  let isActive = false;

  /** Returns for how long somebody is still assumed to be working on it, ms. */
  const activeForMs = () => (ticks.lastTickAt === null ? 0 : ticks.lastTickAt + RECENT_MS - clock.now());

  /** Calls `onQuiet` once nobody is assumed to be working on it any more; later if the clock is set back meanwhile. */
  function whenQuiet(onQuiet: () => void): () => void {
    let cancel = () => {};
    const look = () => {
      const leftMs = activeForMs();
      if (leftMs > 0) cancel = clock.after(leftMs, look);
      else onQuiet();
    };
    look();
    return () => cancel();
  }

  return createDocumentSource({
    ...options,
    decode(document, writtenAt) {
      const list = options.list(document as T);
      if (!list) return null;
      // A file server's clock may be ahead of ours.
      const modifiedAt = Math.min(writtenAt, clock.now());
      ticks.look(list.entries, modifiedAt);
      isActive = activeForMs() > 0;
      const task = tickListTask(list, {
        times: ticks.timesOf,
        lastTickAt: ticks.lastTickAt,
        isActive,
        modifiedAt,
      });
      return { tasks: [task], problem: list.problem, firstSeenAt: null, changedAt: modifiedAt };
    },
    watch(_document, onOutdated) {
      return isActive ? whenQuiet(onOutdated) : () => {};
    },
    refusal: async () => null,
    offers: () => [],
    commands: () => ({}),
  });
}

/** Returns a list as a single task. */
export function tickListTask(list: TickList, seen: Seen): TaskDraft {
  const { nativeId, name, entries, labels = {}, raw } = list;
  const steps = entries.map(
    (entry, index): Step => ({
      index,
      name: entry.name,
      status: entry.status,
      progress: null,
      weight: 1,
      ...seen.times(entry.key),
    }),
  );
  return {
    ...BARE_DRAFT,
    nativeId,
    name,
    state: stateOf(entries, seen.isActive, seen.lastTickAt ?? seen.modifiedAt),
    steps,
    totalSteps: steps.length,
    updatedAt: seen.modifiedAt,
    labels,
    mayBeQuiet: true,
    raw,
  };
}

function stateOf(entries: readonly Entry[], isActive: boolean, endedAt: number): TaskState {
  if (entries.length === 0) return { status: 'queued', reason: null };
  if (entries.every(({ status }) => status === 'completed' || status === 'skipped'))
    return { status: 'completed', endedAt, result: null };
  const isUnderWay = isActive || entries.some(({ status }) => status === 'running');
  return { status: isUnderWay ? 'running' : 'queued', reason: null };
}
