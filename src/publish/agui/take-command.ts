import type { IncomingMessage, ServerResponse } from 'node:http';
import { z } from 'zod';
import { ANSWER_LIMIT_BYTES } from '../../model/answer.ts';
import type { CommandFile } from '../dashboard-state/command-file.ts';
import { bearsToken, type Posted } from './request.ts';

/** A command as it is posted: the content of a command file. */
const PostedCommand = z.object({
  id: z.string().max(200).default(''),
  command: z.enum(['cancel', 'retry', 'answer']),
  taskId: z.string().min(1).max(4096),
  argument: z.string().min(1).max(ANSWER_LIMIT_BYTES).optional(),
  at: z.number().default(0),
  by: z.string().max(4096).default(''),
});

/**
 * Answers a posted command: 202 accepted, 400 not a command, 401 no token or a wrong one, 404 nobody acts on it, 405 commands
 * are not accepted, 413 too large, 415 not JSON.
 */
export function takeCommand(
  request: IncomingMessage,
  response: ServerResponse,
  posted: Exclude<Posted, { kind: 'run' }>,
  options: { readonly token?: string; readonly take: ((command: CommandFile) => boolean) | null },
): void {
  const answer = (status: number, error?: string) =>
    void response
      .writeHead(status, { 'content-type': 'application/json' })
      .end(JSON.stringify(error ? { error } : {}));

  if (!options.take) return answer(405, 'no commands are taken here');
  if (options.token !== undefined && !bearsToken(request, options.token))
    return answer(401, 'a token is needed');
  if (posted.kind === 'not-json') return answer(415, 'send it as JSON, with Content-Type: application/json');
  if (posted.kind === 'too-large') return answer(413, 'too large');
  const command = PostedCommand.safeParse(posted.document);
  if (!command.success || (command.data.command === 'answer') !== (command.data.argument !== undefined))
    return answer(400, EXPECTED);
  const { argument, ...rest } = command.data;
  return options.take(argument === undefined ? rest : { ...rest, argument })
    ? answer(202)
    : answer(404, 'nobody acts on it');
}

const EXPECTED = 'send {"command": "cancel", "retry" or "answer", "taskId": …}, and with answer "argument"';
