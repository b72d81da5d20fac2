import { dirname, join } from 'node:path';
import type { Clock } from '../../clock.ts';
import { readWhole } from '../../io/read-file.ts';
import { createRefresh } from '../../io/refresh.ts';
import { RewriteError, rewriteJson } from '../../io/rewrite-json.ts';
import { watchTree } from '../../io/watch-file.ts';
import { writeRefusal } from '../../io/writable.ts';
import type { SourceId } from '../../model/id.ts';
import { jsonObject } from '../../model/json.ts';
import { plainName, words } from '../../model/text.ts';
import type { TaskPublisher } from '../kit/publish-tasks.ts';
import { publishedEvents } from '../kit/published-events.ts';
import type { Source } from '../kit/source.ts';
import { applyWish, type RawTask, type UserWish } from './board-task.ts';
import { putWish, userCommands } from './commands.ts';
import { answerAtServer } from './maestro-answer.ts';
import { createMaestroClient, type MaestroClient } from './maestro-client.ts';
import { createMaestroFiles, type MaestroReading } from './maestro-files.ts';
import { createMaestroDecoder, decodeMaestroTask } from './maestro-format.ts';
import { userOffers } from './offers.ts';
import { refusal } from './refusal.ts';

/** `tasks/<project>`: nothing deeper matters. */
const WATCHED_DEPTH = 2;
/** How long after a failed read it is repeated: the end of a failure cannot always be watched. */
const RETRY_MS = 2_000;

/**
 * Shows the tasks of a Maestro's data directory (`maestro:DIR`). A command goes to the server to which the data belongs; if
 * none is running, the task's file is changed as the server would do it.
 */
export function createMaestroDirectorySource(options: {
  readonly id: SourceId;
  readonly directory: string;
  readonly clock: Clock;
}): Source {
  const { id, directory, clock } = options;
  let last: MaestroReading | null = null;
  let published: TaskPublisher | null = null;

  const events = publishedEvents(id, (tasks, signal) => {
    published = tasks;
    const files = createMaestroFiles(directory);
    const decode = createMaestroDecoder();
    let cancelRetry = () => {};
    let isDown = false;
    const refresh = createRefresh({
      clock,
      signal,
      async read() {
        cancelRetry();
        const reading = await files.read();
        if (signal.aborted) return;
        if ('down' in reading) {
          cancelRetry = clock.after(RETRY_MS, refresh.soon);
          isDown = true;
          return tasks.fail(reading.down);
        }
        // A watch on a directory that was gone for a moment may not survive.
        if (isDown) watch.renew();
        isDown = false;
        last = reading;
        const decoded = decode(reading.data);
        const refusal = await writeRefusal([join(directory, 'tasks')]);
        tasks.publish(decoded.tasks, {
          problem: reading.problem ?? decoded.problem,
          firstSeenAt: null,
          changedAt: clock.now(),
          offers: (_status, draft) => userOffers(draft, 'maestro', refusal, { takesAnswers: true }),
        });
      },
    });
    const watch = watchTree(directory, WATCHED_DEPTH, refresh.soon);
    refresh.soon();
    return {
      close() {
        cancelRetry();
        return Promise.all([watch.close(), refresh.ended()]);
      },
    };
  });

  return {
    id,
    kind: 'sessions',
    location: directory,
    events,
    commands: userCommands(
      async (nativeId, wish, signal) => {
        if (await askServer(directory, nativeId, wish, clock, signal)) return;
        await changeTaskFile(last, nativeId, wish, clock, signal);
      },
      async (nativeId, text, signal) => {
        const question = published?.find(nativeId)?.question?.text;
        const client = await serverOf(directory, clock, signal);
        if (!client) throw refusal(words`no Maestro server runs here that could pass it on`);
        await answerAtServer(client, nativeId, { question, text });
      },
    ),
  };
}

const LONGEST_URL_BYTES = 4 * 1024;

/**
 * Sends the command to the server to which this data belongs; returns false if none is running, or it does not know the task.
 */
async function askServer(
  directory: string,
  nativeId: string,
  wish: UserWish,
  clock: Clock,
  signal: AbortSignal,
): Promise<boolean> {
  const client = await serverOf(directory, clock, signal);
  if (!client) return false;
  const answer = await putWish(client, nativeId, wish);
  if (answer.kind === 'ok') return true;
  if (answer.problem.kind === 'unreachable' || answer.status === 404) return false;
  throw new RewriteError(answer.problem);
}

/** Returns the client of the server to which this data belongs; null if the directory names none on this machine. */
async function serverOf(directory: string, clock: Clock, signal: AbortSignal): Promise<MaestroClient | null> {
  const found = await readWhole(join(directory, 'server-url'), LONGEST_URL_BYTES);
  const url = 'bytes' in found ? found.bytes.toString().trim() : '';
  return isLocal(url) ? createMaestroClient({ url, clock, signal }) : null;
}

/** Tells whether the server is on this machine. A file in the directory names it, and only a local one can write there. */
function isLocal(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, hostname } = new URL(url);
  return /^https?:$/u.test(protocol) && ['localhost', '127.0.0.1', '[::1]'].includes(hostname);
}

async function changeTaskFile(
  reading: MaestroReading | null,
  nativeId: string,
  wish: UserWish,
  clock: Clock,
  signal: AbortSignal,
): Promise<void> {
  const path = reading?.files.get(nativeId);
  if (!reading || path === undefined) throw refusal(words`there is no task ${plainName(nativeId)}`);
  const refused = await writeRefusal([path, dirname(path)]);
  if (refused) throw refusal(refused);
  await rewriteJson({ path, clock, signal }, (document) =>
    applyWish(document as RawTask, wish, {
      dialect: 'maestro',
      nowMs: clock.now(),
      words: wordsOf(document),
      decode: (raw) => decodeMaestroTask(raw, reading.data),
    }),
  );
}

/** Returns the task's own status: a word that no Maestro uses is a sign of another program. */
function wordsOf(task: unknown): string[] {
  const status = jsonObject(task)?.status;
  return typeof status === 'string' ? [status] : [];
}
