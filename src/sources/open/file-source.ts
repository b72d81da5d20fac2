import type { Clock } from '../../clock.ts';
import { createEventQueue } from '../../io/queue.ts';
import { watchFile } from '../../io/watch-file.ts';
import type { CommandName } from '../../model/command.ts';
import type { SourceEvent } from '../../model/event.ts';
import { type SourceId, sourceId } from '../../model/id.ts';
import { refused } from '../../model/refused.ts';
import { plainName, words } from '../../model/text.ts';
import type { Environment } from '../../storage/home.ts';
import { companionsOf } from '../../storage/read-untouched.ts';
import { createBacklogSource } from '../backlog/on-demand.ts';
import type { CommandHandler, Source } from '../kit/source.ts';
import { detectFileFormat, type FileFormat, guessFormat } from './detect.ts';
import { detectDatabaseFormats } from './detect-database.ts';
import { isNamedLikeDatabase } from './file-names.ts';

interface FileOptions {
  readonly id: SourceId;
  readonly path: string;
  readonly clock: Clock;
  /** The environment for programs that have to be asked; our own if absent. */
  readonly env?: Environment;
}

type Create = (options: FileOptions) => Source;

/** Each format's code is loaded when there is a file of that format: a short command reads one, and waits for no other. */
const CREATORS: Record<FileFormat, () => Create | Promise<Create>> = {
  'dashboard-state': async () => (await import('../dashboard-state/source.ts')).createDashboardStateSource,
  'task-breakdown': async () => (await import('../task-breakdown/source.ts')).createTaskBreakdownSource,
  sessions: async () => (await import('../sessions/source.ts')).createBoardSource,
  'task-master': async () => (await import('../task-master/source.ts')).createTaskMasterSource,
  backlog: () => createBacklogSource,
  beads: async () => (await import('../beads/source.ts')).createBeadsSource,
  checklist: async () => (await import('../checklist/source.ts')).createChecklistSource,
  'feature-list': async () => (await import('../feature-list/source.ts')).createFeatureListSource,
  'job-runs': async () => (await import('../job-runs/source.ts')).createJobRunsSource,
  ledger: async () => (await import('../ledger/source.ts')).createLedgerSource,
};

async function create(format: FileFormat, options: FileOptions): Promise<Source> {
  const createSource = await CREATORS[format]();
  return createSource(options);
}

/**
 * Creates every source that a file is: a job database may also contain a ledger. `format` is what the file was found to be, if
 * that was checked.
 */
export async function createFileSources(options: FileOptions & { format?: FileFormat }): Promise<Source[]> {
  const formats = isNamedLikeDatabase(options.path) ? await detectDatabaseFormats(options.path) : [];
  if (formats.length < 2)
    return [await (options.format ? create(options.format, options) : createFileSource(options))];
  const idOf = (format: FileFormat) => (format === 'ledger' ? sourceId(`${options.id}:ledger`) : options.id);
  return Promise.all(formats.map((format) => create(format, { ...options, id: idOf(format) })));
}

/** Creates the source of a file, whose format is recognised from its content; if it has none yet, once it does. */
export async function createFileSource(options: FileOptions): Promise<Source> {
  const format = await detectFileFormat(options.path);
  return format ? create(format, options) : createWaitingSource(options);
}

/** Reads the file in the format that its name suggests, until its content says otherwise. */
async function createWaitingSource(options: FileOptions): Promise<Source> {
  let format = guessFormat(options.path);
  let source = await create(format, options);

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
      source = await create(found, options);
      format = found;
      if (signal.aborted) return;
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
