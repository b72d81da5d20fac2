import type { Clock } from '../../clock.ts';
import { notJsonProblem } from '../../io/file-problem.ts';
import { followFile, type Parsed } from '../../io/follow-file.ts';
import { parseJson } from '../../io/json-text.ts';
import { type FileReading, readWhole } from '../../io/read-file.ts';
import { decodeText } from '../../io/text-encoding.ts';
import type { CommandOffer } from '../../model/command.ts';
import type { SourceId } from '../../model/id.ts';
import { type LogRequest, noLog, type OpenedLog } from '../../model/log.ts';
import { type Problem, problem } from '../../model/problem.ts';
import { shellWord } from '../../model/shell-word.ts';
import type { Task } from '../../model/task.ts';
import { type PlainText, plainName, words } from '../../model/text.ts';
import { cancelAndRetryOffers } from './offers.ts';
import type { TaskPublisher } from './publish-tasks.ts';
import { publishedEvents } from './published-events.ts';
import type { Source, SourceKind } from './source.ts';
import type { TaskDraft } from './task-draft.ts';

/** All the tasks of a document, with what stamps those that have no stamp of their own (epoch ms). */
export interface DocumentReading {
  readonly tasks: readonly TaskDraft[];
  readonly problem: Problem | null;
  readonly firstSeenAt: number | null;
  readonly changedAt: number | null;
}

/**
 * Creates a source that is one file: its tasks are what the whole document says, again at each change. The format
 * brings how to read and decode it, and how to ask for a change.
 */
export function createDocumentSource(options: {
  readonly id: SourceId;
  readonly kind: SourceKind;
  readonly path: string;
  readonly clock: Clock;
  /** The whole file where absent. */
  readonly read?: (path: string) => Promise<FileReading>;
  /** As one JSON document where absent. */
  readonly parse?: (text: string) => Parsed<unknown>;
  /** null if the document is JSON, but not of this format. */
  readonly decode: (
    document: unknown,
    modifiedAt: number,
  ) => DocumentReading | null | Promise<DocumentReading | null>;
  /**
   * If a document may become outdated without being changed: calls `onOutdated` when it has, and it is decoded again. The
   * returned function calls it off.
   */
  readonly watch?: (document: unknown, onOutdated: () => void) => () => void | Promise<void>;
  /** What a document of this format has, for the problem of one that has it not. */
  readonly expected: PlainText;
  /** Why commands can't be sent, as far as can be told without trying. */
  readonly refusal: () => Promise<PlainText | null>;
  /** What may be asked of a task; cancel and retry as of any other where absent. */
  readonly offers?: (draft: TaskDraft, refusal: PlainText | null) => readonly CommandOffer[];
  readonly commands: (find: (nativeId: string) => Task | undefined) => Source['commands'];
  /** Opens what a task has printed; absent if that is not kept. */
  readonly log?: (task: Task, request: LogRequest) => Promise<OpenedLog>;
}): Source {
  const { path, read = readWhole, parse = (text) => parseDocument(text, path) } = options;
  let publisher: TaskPublisher | null = null;

  const events = publishedEvents(options.id, (tasks, signal) => {
    publisher = tasks;
    let turn = 0;
    let unwatch: () => void | Promise<void> = () => {};

    async function publish(document: unknown, modifiedAt: number): Promise<void> {
      turn += 1;
      const mine = turn;
      const reading = await options.decode(document, modifiedAt);
      const refusal = await options.refusal();
      if (turn !== mine) return; // it has been read anew meanwhile
      if (!reading) return tasks.fail(wrongFormat(path, options.expected));
      tasks.publish(reading.tasks, {
        ...reading,
        offers: (status, draft) => options.offers?.(draft, refusal) ?? cancelAndRetryOffers(status, refusal),
      });
    }

    const following = followFile({
      ...options,
      read,
      parse: (bytes) => parse(decodeText(bytes)),
      async onValue(document, modifiedAt) {
        void unwatch();
        await publish(document, modifiedAt);
        if (options.watch && !signal.aborted)
          unwatch = options.watch(document, () => void publish(document, modifiedAt));
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
        await unwatch();
      },
    };
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
