import type { IncomingMessage, ServerResponse } from 'node:http';
import { z } from 'zod';
import { readJson } from '../../model/json.ts';
import type { CommandFile } from '../dashboard-state/command-file.ts';
import { bearsToken, readBody } from './request.ts';

/** A command as it is posted: a command file's content. */
const PostedCommand = z.object({
  id: z.string().max(200).default(''),
  command: z.enum(['cancel', 'retry']),
  taskId: z.string().min(1).max(4096),
  at: z.number().default(0),
  by: z.string().max(4096).default(''),
});

const TOO_LARGE = Symbol('too large');

/**
 * Answers a posted command: 202 taken, 400 no command, 401 no or a wrong token, 404 nobody acts on it, 405 nobody takes
 * commands, 413 too large, 415 no JSON. Only JSON is taken, so that no web page can post one behind its reader's back.
 */
export async function takeCommand(
  request: IncomingMessage,
  response: ServerResponse,
  options: { readonly token?: string; readonly take: ((command: CommandFile) => boolean) | null },
): Promise<void> {
  const answer = (status: number, error?: string) =>
    response
      .writeHead(status, { 'content-type': 'application/json' })
      .end(JSON.stringify(error ? { error } : {}));

  if (!options.take) return void answer(405, 'no commands are taken here');
  if (options.token !== undefined && !bearsToken(request, options.token))
    return void answer(401, 'a token is needed');
  if (!request.headers['content-type']?.startsWith('application/json'))
    return void answer(415, 'send it as JSON, with Content-Type: application/json');
  const posted = parsedBody(request) ?? (await readBody(request).then(readJson, () => TOO_LARGE));
  if (posted === TOO_LARGE) return void answer(413, 'too large');
  const command = PostedCommand.safeParse(posted);
  if (!command.success) return void answer(400, 'send {"command": "cancel" or "retry", "taskId": …}');
  return void (options.take(command.data) ? answer(202) : answer(404, 'nobody acts on it'));
}

/** What a body parser before us has read already, as Express and others keep it: the stream has nothing more. */
function parsedBody(request: IncomingMessage & { readonly body?: unknown }): object | null {
  return typeof request.body === 'object' ? request.body : null;
}
