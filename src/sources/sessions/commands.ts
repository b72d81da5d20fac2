import { RewriteError } from '../../io/rewrite-json.ts';
import type { CommandName, CommandResult } from '../../model/command.ts';
import { refused, refusedBecause } from '../../model/refused.ts';
import { plainName, words } from '../../model/text.ts';
import type { CommandHandler, Source } from '../kit/source.ts';
import { type UserWish, wishedStatus } from './board-task.ts';
import { type Answer, type MaestroClient, taskPath } from './maestro-client.ts';
import { readUserStatus, userWord } from './words.ts';

/** Does what a user wishes of a task; rejects with a `RewriteError` that says why not. */
export type Fulfil = (nativeId: string, wish: UserWish, signal: AbortSignal) => Promise<void>;

/** Creates the commands of a source whose tasks have a user's status: each of them sets it. */
export function userCommands(fulfil: Fulfil): Source['commands'] {
  const handler =
    (command: 'cancel' | 'retry'): CommandHandler =>
    (nativeId, { signal }) =>
      answer(command, fulfil(nativeId, { command }, signal));
  return {
    cancel: handler('cancel'),
    retry: handler('retry'),
    async setStatus(nativeId, { signal, argument = '' }) {
      const status = readUserStatus(argument);
      if (status === null)
        return refused('not-allowed', words`set status: ${plainName(argument)} is not a status`);
      return answer('setStatus', fulfil(nativeId, { command: 'setStatus', status }, signal));
    },
  };
}

/** Puts a wish to a Maestro server. */
export function putWish(client: MaestroClient, nativeId: string, wish: UserWish): Promise<Answer> {
  return client.request('PATCH', taskPath(nativeId), { status: userWord(wishedStatus(wish), 'maestro') });
}

async function answer(command: CommandName, asked: Promise<void>): Promise<CommandResult> {
  try {
    await asked;
    return { kind: 'sent' };
  } catch (error) {
    if (!(error instanceof RewriteError)) throw error;
    return refusedBecause(command === 'setStatus' ? 'set status' : command, error.problem);
  }
}
