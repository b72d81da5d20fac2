import type { IncomingMessage, ServerResponse } from 'node:http';
import { z } from 'zod';
import { type Clock, endsWithin } from '../clock.ts';
import { ANSWER_LIMIT_BYTES } from '../model/answer.ts';
import { COMMAND_NAMES, type CommandName } from '../model/command.ts';
import type { TaskId } from '../model/id.ts';
import { problemText } from '../model/problem.ts';
import { type PlainText, plainName } from '../model/text.ts';
import type { Monitor } from '../monitor.ts';
import { BODY_LIMIT_BYTES, type Posted, readPosted } from '../publish/agui/request.ts';
import type { Filter } from '../store/filter.ts';
import { findEntry } from '../store/state.ts';
import { type Access, NEEDS_TOKEN } from './access.ts';
import { answerJson } from './answer.ts';

/** The commands that need to know what to set, or what to answer. */
const NEED_ARGUMENT: ReadonlySet<CommandName> = new Set(['setStatus', 'answer']);

/** A command as it is posted: like a command file, but with any command. */
const PostedCommand = z
  .object({
    command: z.enum(COMMAND_NAMES),
    taskId: z
      .string()
      .min(1)
      .max(8 * 1024),
    argument: z.string().min(1).max(ANSWER_LIMIT_BYTES).optional(),
    by: z.string().max(4096).default(''),
  })
  .refine(({ command, argument }) => NEED_ARGUMENT.has(command) === (argument !== undefined));

/** The outcome of a remote command, for the server's log. */
export interface TakenCommand {
  readonly command: string;
  readonly task: PlainText;
  readonly by: PlainText;
}

/** Answers a request; `posted` is its body, if that has already been read. */
export type CommandHandler = (
  request: IncomingMessage,
  response: ServerResponse,
  access: Access,
  posted?: Posted,
) => Promise<void>;

/** After this time, the caller is told that the command is under way; the streams report its outcome. */
const ANSWER_WITHIN_MS = 3_000;

/**
 * Answers a posted command: 202 sent (or under way), 400 not a command, 401 no token or a wrong one, 403 nothing may be
 * changed here, 404 no such task, 409 refused, 413 too large, 415 not JSON (which a web page's form cannot send).
 */
export function createCommandHandler(options: {
  readonly monitor: Pick<Monitor, 'getState' | 'send'>;
  readonly clock: Clock;
  readonly isListed: Filter;
  readonly readOnly: boolean;
  readonly onCommand: (taken: TakenCommand) => void;
}): CommandHandler {
  const { monitor, clock, isListed } = options;

  return async (request, response, access, read) => {
    const answer = (status: number, error: string) => answerJson(response, status, { error });
    if (options.readOnly) return answer(403, 'this server is read-only');
    if (access.kind !== 'owner') return answer(NEEDS_TOKEN.status, NEEDS_TOKEN.error);
    const body = read ?? (await readPosted(request, BODY_LIMIT_BYTES));
    if (body.kind === 'not-json') return answer(415, 'send it as JSON, with Content-Type: application/json');
    if (body.kind === 'too-large') return answer(413, 'too large');
    const posted = PostedCommand.safeParse(body.kind === 'run' ? null : body.document);
    if (!posted.success) return answer(400, EXPECTED);

    const { command, taskId, argument, by } = posted.data;
    const entry = findEntry(monitor.getState(), taskId as TaskId);
    if (!entry || !isListed(entry)) return answer(404, plainName(`there is no task ${taskId}`));
    options.onCommand({ command, task: entry.task.name, by: plainName(by) });
    const sending = monitor.send(entry.task.id, command, argument);
    const result = (await endsWithin(clock, ANSWER_WITHIN_MS, sending)) ? await sending : null;
    if (result?.kind !== 'refused') return answerJson(response, 202, {});
    answerJson(response, 409, { error: problemText(result.problem) });
  };
}

const EXPECTED = `send {"command": ${COMMAND_NAMES.map((name) => `"${name}"`).join(' or ')}, "taskId": …}, and with setStatus and answer "argument"`;
