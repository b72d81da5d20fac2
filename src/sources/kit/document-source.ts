import type { Clock } from '../../clock.ts';
import { notJsonProblem } from '../../io/file-problem.ts';
import { followFile, type Parsed } from '../../io/follow-file.ts';
import type { ListNews } from '../../io/json-list/list-reader.ts';
import { parseJson } from '../../io/json-text.ts';
import { type FileReading, readWhole } from '../../io/read-file.ts';
import { decodeText } from '../../io/text-encoding.ts';
import type { CommandOffer } from '../../model/command.ts';
import type { SourceId } from '../../model/id.ts';
import { parseExactly } from '../../model/json.ts';
import { type LogRequest, noLog, type OpenedLog } from '../../model/log.ts';
import { type Problem, problem } from '../../model/problem.ts';
import { shellWord } from '../../model/shell-word.ts';
import type { Task } from '../../model/task.ts';
import { type PlainText, plainName, words } from '../../model/text.ts';
import { createLargeDocument } from './large-document.ts';
import type { ListFormat } from './listed-tasks.ts';
import { cancelAndRetryOffers } from './offers.ts';
import type { PublishContext, TaskPublisher } from './publish-tasks.ts';
import { publishedEvents } from './published-events.ts';
import type { Source, SourceKind } from './source.ts';
import type { TaskDraft } from './task-draft.ts';

/** All tasks of a document, and the time for those that have none of their own (epoch ms). */
export interface DocumentReading {
  readonly tasks: readonly TaskDraft[];
  readonly problem: Problem | null;
  readonly firstSeenAt: number | null;
  readonly changedAt: number | null;
}

interface DocumentOptions {
  readonly id: SourceId;
  readonly kind: SourceKind;
  readonly path: string;
  readonly clock: Clock;
  /** Reads the whole file if absent. */
  readonly read?: (path: string) => Promise<FileReading>;
  /** Parses one JSON document if absent. */
  readonly parse?: (text: string) => Parsed<unknown>;
  /** Returns null if the document is JSON, but not of this format. */
  readonly decode: (
    document: unknown,
    modifiedAt: number,
  ) => DocumentReading | null | Promise<DocumentReading | null>;
  /**
   * For a document that may become outdated without being changed: calls `onOutdated` when it has, and it is decoded again. The
   * returned function cancels that.
   */
  readonly watch?: (document: unknown, onOutdated: () => void) => () => void | Promise<void>;
  /** How a task is shown; as it was decoded if absent. */
  readonly shown?: (draft: TaskDraft) => TaskDraft;
  /** How the tasks of a large document are read one by one, in another thread; if absent, they are read together, here. */
  readonly largeList?: ListFormat | undefined;
  readonly largeBytes?: number;
  /** What applies to all tasks in addition to `refusal`: if it changes, all are published again. */
  readonly standing?: () => string;
  /** What a document of this format contains, for the problem of one that does not. */
  readonly expected: PlainText;
  /** Why commands cannot be sent, as far as that is known without trying. */
  readonly refusal: () => Promise<PlainText | null>;
  /** The commands that a task offers; by default, cancel and retry as for any other. */
  readonly offers?: (draft: TaskDraft, refusal: PlainText | null) => readonly CommandOffer[];
  readonly commands: (find: (nativeId: string) => Task | undefined) => Source['commands'];
  /** Opens a task's output; absent if that is not kept. */
  readonly log?: (task: Task, request: LogRequest) => Promise<OpenedLog>;
}

/**
 * Creates a source that is one file: its tasks are those of the whole document, read again at each change. The format
 * contributes how to read and decode it, and how to request a change.
 */
export function createDocumentSource(options: DocumentOptions): Source {
  const { path, read = readWhole, parse = (text) => parseDocument(text, path) } = options;
  let publisher: TaskPublisher | null = null;

  const events = publishedEvents(options.id, (tasks, signal) => {
    publisher = tasks;
    return followDocument({ ...options, read, parse, tasks, signal });
  });

  return {
    id: options.id,
    kind: options.kind,
    location: path,
    events,
    commands: options.commands((nativeId) => publisher?.find(nativeId)),
    ...(options.log && { log: logOf(options.log, (nativeId) => publisher?.find(nativeId)) }),
  };
}

type Following = Omit<DocumentOptions, 'read' | 'parse'> &
  Required<Pick<DocumentOptions, 'read' | 'parse'>> & {
    readonly tasks: TaskPublisher;
    readonly signal: AbortSignal;
  };

/** What was read: the whole document, or what is new in it. */
type Value = { readonly document: unknown } | { readonly news: ListNews };

function followDocument(options: Following): { close(): Promise<void> } {
  const { path, tasks, signal, read, parse, shown = (draft) => draft } = options;
  const large = options.largeList
    ? createLargeDocument({ ...options, format: options.largeList, publisher: tasks, shown })
    : null;
  let turn = 0;
  /** The last refusal: news of tasks does not wait until it is known whether that still applies. */
  let known: { readonly refusal: PlainText | null } | null = null;
  let unwatch: () => void | Promise<void> = () => {};
  let publishing: Promise<void> = Promise.resolve();

  function failFormat(): void {
    tasks.fail(wrongFormat(path, options.expected));
  }

  function contextOf(reading: DocumentReading, refusal: PlainText | null): PublishContext {
    const offers: PublishContext['offers'] = (status, draft) =>
      options.offers?.(draft, refusal) ?? cancelAndRetryOffers(status, refusal);
    return { ...reading, offers };
  }

  async function publish(document: unknown, modifiedAt: number): Promise<void> {
    turn += 1;
    const mine = turn;
    const reading = await options.decode(document, modifiedAt);
    if (turn !== mine) return; // it has been read again meanwhile
    if (!reading) return failFormat();
    const tell = (refusal: PlainText | null) =>
      tasks.publish(reading.tasks.map(shown), contextOf(reading, refusal));
    const before = known;
    if (before) tell(before.refusal);
    const refusal = await options.refusal();
    if (turn !== mine) return;
    known = { refusal };
    if (before?.refusal !== refusal) tell(refusal);
  }

  /** Publishes in order, because what is new in one reading builds on the one before. */
  function publishNews(news: ListNews | null, rest: unknown, modifiedAt: number): Promise<void> {
    turn += 1;
    publishing = publishing.then(async () => {
      const reading = await options.decode(rest, modifiedAt);
      if (signal.aborted || !large) return;
      if (!reading) return failFormat();
      const tell = (fresh: ListNews | null, refusal: PlainText | null) =>
        large.publish(fresh, contextOf(reading, refusal), `${options.standing?.() ?? ''} ${refusal}`);
      const before = known;
      if (before && !(await tell(news, before.refusal))) return following.look();
      const refusal = await options.refusal();
      known = { refusal };
      if (!signal.aborted && !(await tell(before ? null : news, refusal))) following.look();
    });
    return publishing;
  }

  const following = followFile<Value>({
    ...options,
    read,
    async parse(bytes) {
      const parsed = await parse(decodeText(bytes));
      return 'value' in parsed ? { value: { document: parsed.value } } : parsed;
    },
    elsewhere: large?.look,
    async onValue(value, modifiedAt) {
      void unwatch();
      const news = 'news' in value ? value.news : null;
      const document = 'news' in value ? parseExactly(value.news.rest) : value.document;
      await (news ? publishNews(news, document, modifiedAt) : publish(document, modifiedAt));
      const again = () =>
        void (news ? publishNews(null, document, modifiedAt) : publish(document, modifiedAt));
      if (options.watch && !signal.aborted) unwatch = options.watch(document, again);
    },
    onProblem(problem) {
      void unwatch();
      turn += 1;
      tasks.fail(problem);
    },
  });
  return {
    async close() {
      await following.close();
      await Promise.all([unwatch(), large?.close()]);
    },
  };
}

function logOf(
  open: (task: Task, request: LogRequest) => Promise<OpenedLog>,
  find: (nativeId: string) => Task | undefined,
): NonNullable<Source['log']> {
  return async (nativeId, request) => {
    const task = find(nativeId);
    return task ? open(task, request) : noLog(words`there is no task ${plainName(nativeId)}`);
  };
}

function parseDocument(text: string, path: string): Parsed<unknown> {
  const parsed = parseJson(text);
  return 'value' in parsed ? parsed : { explain: () => notJsonProblem(path, parsed.explain()) };
}

function wrongFormat(path: string, expected: PlainText): Problem {
  const shown = plainName(path);
  return problem(
    'malformed',
    'down',
    words`${shown} is JSON, but it has no ${expected}`,
    words`see what it is: head -c 300 ${shellWord(path)}`,
  );
}
