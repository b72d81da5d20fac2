import type { Clock } from '../../clock.ts';
import { askCommand, type CommandAnswer } from '../../io/ask-command.ts';
import { findExecutable } from '../../io/find-executable.ts';
import { type Problem, problem } from '../../model/problem.ts';
import { type PlainText, plainName, words } from '../../model/text.ts';
import type { Environment } from '../../storage/home.ts';
import { ARRIVED, type Channel, failed } from '../channel.ts';
import { notificationDocument } from '../document.ts';
import type { Notification } from '../event.ts';

const LIMIT_MS = 30_000;
/** Its output is ignored, except for the last line of an error. */
const LIMIT_BYTES = 1024 * 1024;

/** Where the command is run, and who notifies. */
interface ExecContext {
  readonly env: Environment;
  readonly cwd: string;
  readonly clock: Clock;
  readonly by: string;
}

/**
 * Runs the user's own command, one at a time, with the notification as JSON on its standard input and in its environment. A
 * string is run by a shell exactly as it is; nothing of a task is ever inserted into it.
 */
export function createExec(command: string | readonly string[], context: ExecContext): Channel {
  const { env, cwd, clock, by } = context;
  const argv = typeof command === 'string' ? ['/bin/sh', '-c', command] : command;
  let last: Promise<unknown> = Promise.resolve();

  async function run(told: Notification, signal: AbortSignal) {
    const document = notificationDocument(told, by);
    const answer = await askCommand(
      {
        words: argv,
        env: { ...env, ...variables(told) },
        cwd,
        limitMs: LIMIT_MS,
        limitBytes: LIMIT_BYTES,
        input: `${JSON.stringify(document)}\n`,
      },
      { clock, signal },
    );
    const said = complaint(answer);
    return said === null ? ARRIVED : failed(problem('refused', 'degraded', words`exec: ${said}`));
  }

  return {
    tell(told, signal) {
      const running = last.then(() => run(told, signal));
      last = running;
      return running;
    },
    async check() {
      const [program = ''] = argv;
      return findExecutable(program, { env, cwd }) === null ? [missing(program)] : [];
    },
  };
}

function missing(program: string): Problem {
  return problem(
    'missing',
    'down',
    words`exec: there is no program ${plainName(program)}`,
    'check its name, and PATH',
  );
}

function variables({ event, title, text, conditions, isTest }: Notification): Record<string, string> {
  const [first] = conditions;
  return {
    TASKGLASS_EVENT: event,
    TASKGLASS_TITLE: title,
    TASKGLASS_TEXT: text,
    TASKGLASS_COUNT: String(conditions.length),
    TASKGLASS_TASK_ID: first?.id ?? '',
    TASKGLASS_TASK_NAME: first?.name ?? '',
    TASKGLASS_TASK_SOURCE: first?.source ?? '',
    TASKGLASS_TASK_HOST: first?.host ?? '',
    ...(isTest ? { TASKGLASS_TEST: '1' } : {}),
  };
}

/** Returns why a command failed; null if it did not. */
function complaint(answer: CommandAnswer): PlainText | null {
  switch (answer.kind) {
    case 'ended': {
      if (answer.code === 0) return null;
      const last = plainName(answer.stderr.trim().split('\n').at(-1) ?? '').slice(0, 200);
      const how = answer.signal
        ? words`was ended by ${plainName(answer.signal)}`
        : words`ended with ${answer.code ?? 0}`;
      return last === '' ? words`the command ${how}` : words`the command ${how}: ${last}`;
    }
    case 'not-started':
      return words`the command cannot be started: ${plainName(answer.code)}`;
    case 'too-slow':
      return words`the command took more than ${answer.limitMs / 1000} s, and was ended`;
    case 'too-long':
      return words`the command printed too much, and was ended`;
    case 'aborted':
      return words`the command was ended because taskglass is closing`;
    default:
      return answer satisfies never;
  }
}
