import type { IncomingMessage } from 'node:http';
import { COMMAND_NAMES } from '../model/command.ts';
import { bearsToken } from '../sources/agui/request.ts';

/**
 * What a listener is told of its rights, in headers of its stream: `x-taskglass-commands` names what this server takes,
 * `x-taskglass-refusal` says why this listener's would be refused all the same.
 */
export function accessHeaders(request: IncomingMessage, token: string | null): Record<string, string> {
  if (token === null) return { 'x-taskglass-commands': '', 'x-taskglass-refusal': 'the server is read-only' };
  const headers = { 'x-taskglass-commands': COMMAND_NAMES.join(', ') };
  return bearsToken(request, token)
    ? headers
    : { ...headers, 'x-taskglass-refusal': "needs the server's token in TASKGLASS_TOKEN" };
}
