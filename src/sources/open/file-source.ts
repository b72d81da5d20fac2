import type { Clock } from '../../clock.ts';
import { createEventQueue } from '../../io/queue.ts';
import { watchFile } from '../../io/watch-file.ts';
import type { CommandName } from '../../model/command.ts';
import type { SourceEvent } from '../../model/event.ts';
import { type SourceId, sourceId } from '../../model/id.ts';
import { refused } from '../../model/refused.ts';
import { plainName, words } from '../../model/text.ts';
import { companionsOf } from '../../storage/read-untouched.ts';
import { createBacklogSource } from '../backlog/on-demand.ts';
import { createBeadsSource } from '../beads/source.ts';
import { createChecklistSource } from '../checklist/source.ts';
import { createDashboardStateSource } from '../dashboard-state/source.ts';
import { createFeatureListSource } from '../feature-list/source.ts';
import { createJobRunsSource } from '../job-runs/source.ts';
import type { CommandHandler, Source } from '../kit/source.ts';
import { createLedgerSource } from '../ledger/source.ts';
import { createBoardSource } from '../sessions/source.ts';
import { createTaskBreakdownSource } from '../task-breakdown/source.ts';
import { createTaskMasterSource } from '../task-master/source.ts';
import { detectFileFormat, type FileFormat, guessFormat } from './detect.ts';
import { detectDatabaseFormats, isNamedLikeDatabase } from './detect-database.ts';

interface FileOptions {
  readonly id: SourceId;
  readonly path: string;
  readonly clock: Clock;
  /** Our own if absent: what a program gets that has to be asked. */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

const CREATE: Record<FileFormat, (options: FileOptions) => Source> = {
  'dashboard-state': createDashboardStateSource,
  'task-breakdown': createTaskBreakdownSource,
  sessions: createBoardSource,
  'task-master': createTaskMasterSource,
  backlog: createBacklogSource,
  beads: createBeadsSource,
  checklist: createChecklistSource,
  'feature-list': createFeatureListSource,
  'job-runs': createJobRunsSource,
  ledger: createLedgerSource,
};

/**
 * Creates every source that a file is: a job database may have been given a ledger beside its jobs. `format` is what the
 * file was found to be, if somebody has looked.
 */
export async function createFileSources(options: FileOptions & { format?: FileFormat }): Promise<Source[]> {
  const formats = isNamedLikeDatabase(options.path) ? await detectDatabaseFormats(options.path) : [];
  if (formats.length < 2)
    return [options.format ? CREATE[options.format](options) : await createFileSource(options)];
  const idOf = (format: FileFormat) => (format === 'ledger' ? sourceId(`${options.id}:ledger`) : options.id);
  return formats.map((format) => CREATE[format]({ ...options, id: idOf(format) }));
}

/** Creates the source of a file, its format recognised from its content; if there is none yet, once there is. */
export async function createFileSource(options: FileOptions): Promise<Source> {
  const format = await detectFileFormat(options.path);
  return format ? CREATE[format](options) : createWaitingSource(options);
}

/** Reads the file as what its name promises, until its content says otherwise. */
function createWaitingSource(options: FileOptions): Source {
  let format = guessFormat(options.path);
  let source = CREATE[format](options);

  async function* events(signal: AbortSignal): AsyncGenerator<SourceEvent> {
    const guessing = new AbortController();
    const queue = createEventQueue<SourceEvent>(signal);
    const read = async (of: Source, until: AbortSignal) => {
      for await (const event of of.events({ signal: until })) queue.push(event);
    };
    const guessed = read(source, AbortSignal.any([signal, guessing.signal]));
    let reading = guessed;
    let isDecided = false;
    const decide = async () => {
      const found = isDecided ? null : await detectFileFormat(options.path);
      if (!found || isDecided || signal.aborted) return;
      isDecided = true;
      if (found === format) return;
      format = found;
      source = CREATE[found](options);
      queue.push({ type: 'kind', kind: found });
      guessing.abort();
      reading = guessed.then(() => read(source, signal));
    };
    const beside = isNamedLikeDatabase(options.path) ? companionsOf(options.path) : [];
    const watches = [options.path, ...beside].map((path) => watchFile(path, decide));
    try {
      yield* queue;
    } finally {
      await Promise.all([...watches.map((watch) => watch.close()), reading]);
    }
  }

  const handler =
    (command: CommandName): CommandHandler =>
    async (nativeId, context) =>
      source.commands[command]?.(nativeId, context) ??
      refused('not-allowed', words`${command}: ${plainName(options.path)} does not support this command`);

  return {
    id: options.id,
    get kind() {
      return format;
    },
    location: options.path,
    events: ({ signal }) => events(signal),
    commands: {
      cancel: handler('cancel'),
      retry: handler('retry'),
      setStatus: handler('setStatus'),
      answer: handler('answer'),
    },
  };
}
