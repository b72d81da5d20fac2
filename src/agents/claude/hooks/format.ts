import { jsonObject } from '../../../model/json.ts';
import { readMoment } from '../../../model/moment.ts';
import { nameIn, type PlainText } from '../../../model/text.ts';

/*
 * Decodes what the hooks have recorded (`bin/hook/signal.js`). The program that wrote a line may be of another version than
 * this one, and the agent whose words it contains of any: each field may be missing, or be something else.
 */

/** What a hook has recorded. `event` is Claude Code's word, or `Released` for a request that is no longer held. */
export interface HookSignal {
  readonly at: number;
  readonly event: string;
  /** Where this Claude Code keeps its files. */
  readonly home: string;
  readonly cwd: PlainText | null;
  /** The subagent in which it happened; null in the session itself. */
  readonly agent: string | null;
  readonly kind: PlainText | null;
  readonly message: PlainText | null;
  readonly title: PlainText | null;
  readonly tool: PlainText | null;
  readonly about: PlainText | null;
  readonly choices: readonly PlainText[];
  readonly task: SignalledTask | null;
  /** The work in the background; null if the hook does not tell. */
  readonly running: readonly SignalledWork[] | null;
  readonly said: PlainText | null;
  /** The hook that holds a request, until when (epoch ms), and how it was answered. */
  readonly held: string | null;
  readonly until: number | null;
  readonly answer: PlainText | null;
  readonly by: PlainText | null;
}

interface SignalledTask {
  readonly id: string;
  readonly subject: PlainText | null;
}

interface SignalledWork {
  readonly id: string;
  readonly name: PlainText;
}

const MOST_LISTED = 100;

/** Reads a line; null if it is not one. */
export function decodeSignal(raw: unknown): HookSignal | null {
  const line = jsonObject(raw);
  const at = readMoment(line?.at);
  if (!line || at === null || typeof line.event !== 'string') return null;
  return {
    at,
    event: line.event,
    home: typeof line.home === 'string' ? line.home : '',
    cwd: nameIn(line.cwd),
    agent: typeof line.agent === 'string' ? line.agent : null,
    kind: nameIn(line.kind),
    message: nameIn(line.message),
    title: nameIn(line.title),
    tool: nameIn(line.tool),
    about: nameIn(line.about),
    choices: listIn(line.choices).flatMap((choice) => nameIn(choice) ?? []),
    task: decodeTask(line.task),
    running: Array.isArray(line.running)
      ? listIn(line.running).flatMap((work) => decodeWork(work) ?? [])
      : null,
    said: nameIn(line.said),
    // It becomes part of a socket's name.
    held: typeof line.held === 'string' && /^[0-9a-f]{16}$/u.test(line.held) ? line.held : null,
    until: readMoment(line.until),
    answer: nameIn(line.answer),
    by: nameIn(line.by),
  };
}

function decodeTask(raw: unknown): SignalledTask | null {
  const task = jsonObject(raw);
  return typeof task?.id === 'string' ? { id: task.id, subject: nameIn(task.subject) } : null;
}

function decodeWork(raw: unknown): SignalledWork | null {
  const work = jsonObject(raw);
  const name = nameIn(work?.about) ?? nameIn(work?.type);
  return typeof work?.id === 'string' && name !== null ? { id: work.id, name } : null;
}

function listIn(raw: unknown): unknown[] {
  return Array.isArray(raw) ? raw.slice(0, MOST_LISTED) : [];
}
