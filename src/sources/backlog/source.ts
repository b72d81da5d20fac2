import type { Clock } from '../../clock.ts';
import { readWhole } from '../../io/read-file.ts';
import { decodeText } from '../../io/text-encoding.ts';
import { watchFile, watchTree } from '../../io/watch-file.ts';
import type { SourceId } from '../../model/id.ts';
import { createPolledSource } from '../kit/polled-source.ts';
import type { Source } from '../kit/source.ts';
import { createTaskFiles } from './files.ts';
import { decodeBacklog, readStatuses } from './format.ts';
import { settingsPathsOf } from './place.ts';
import { USUAL_STATUSES } from './statuses.ts';

/** Not every change is reported: a network file system reports none, and watches may be used up. */
const LOOK_EVERY_MS = 30_000;
/** How soon a failed read is repeated. */
const RETRY_MS = 2_000;

/** Shows the tasks in a directory of Backlog.md, one per file. There are no commands. */
export function createBacklogSource(options: {
  readonly id: SourceId;
  readonly path: string;
  readonly clock: Clock;
}): Source {
  const { id, path: directory, clock } = options;
  const files = createTaskFiles(directory);
  let statuses = USUAL_STATUSES;
  let isDown = false;
  let renew = () => {};

  return createPolledSource({
    id,
    kind: 'backlog',
    location: directory,
    clock,
    everyMs: () => (isDown ? RETRY_MS : LOOK_EVERY_MS),
    async look() {
      const reading = await files.read();
      // A watch on a directory that was gone for a moment may not survive.
      if (isDown && !('down' in reading)) renew();
      isDown = 'down' in reading;
      if ('down' in reading) return { kind: 'failed', problem: reading.down };
      statuses = await readBoardStatuses(directory, statuses);
      const { tasks, problem } = decodeBacklog(reading.files, statuses);
      return { kind: 'read', tasks, problem: reading.problem ?? problem, changedAt: clock.now() };
    },
    watch(lookSoon) {
      const tasks = watchTree(directory, 1, lookSoon);
      const settings = settingsPathsOf(directory).map((path) => watchFile(path, lookSoon));
      renew = tasks.renew;
      return {
        async close() {
          await Promise.all([tasks, ...settings].map((watch) => watch.close()));
        },
      };
    },
  });
}

/** Returns the board's columns according to its settings; `before` if they cannot be read at the moment. */
async function readBoardStatuses(directory: string, before: readonly string[]): Promise<readonly string[]> {
  let isAnyUnreadable = false;
  for (const path of settingsPathsOf(directory)) {
    const found = await readWhole(path);
    if ('bytes' in found) return readStatuses(decodeText(found.bytes));
    isAnyUnreadable ||= !found.isMissing;
  }
  return isAnyUnreadable ? before : USUAL_STATUSES;
}
