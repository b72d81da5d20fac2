import { refused } from '../../model/refused.ts';
import { plainName, words } from '../../model/text.ts';
import { answerCommand } from '../kit/answer-command.ts';
import type { CommandHandler, Source } from '../kit/source.ts';
import { type UserWish, wishedStatus } from './board-task.ts';
import { type Answer, type MaestroClient, taskPath } from './maestro-client.ts';
import { readUserStatus, userWord } from './words.ts';

/** Carries out what a user asks for; rejects with a `RewriteError` that says why not. */
export type Fulfil = (nativeId: string, wish: UserWish, signal: AbortSignal) => Promise<void>;

/** Passes on an answer to a task's question; rejects with a `RewriteError` that says why not. */
type Reply = (nativeId: string, text: string, signal: AbortSignal) => Promise<void>;

/** Creates the commands of a source whose tasks have a user's status: all of them set it, except for an answer. */
export function userCommands(fulfil: Fulfil, reply?: Reply): Source['commands'] {
  const handler =
    (command: 'cancel' | 'retry'): CommandHandler =>
    (nativeId, { signal }) =>
      answerCommand(words`${command}`, fulfil(nativeId, { command }, signal));
  return {
    cancel: handler('cancel'),
    retry: handler('retry'),
    ...(reply && {
      answer: async (nativeId, { signal, argument = '', report }) => {
        const result = await answerCommand(words`answer`, reply(nativeId, argument, signal));
        if (result.kind === 'sent') report({ stage: 'delivered' });
        return result;
      },
    }),
    async setStatus(nativeId, { signal, argument = '' }) {
      const status = readUserStatus(argument);
      if (status === null)
        return refused('not-allowed', words`set status: ${plainName(argument)} is not a status`);
      return answerCommand(words`set status`, fulfil(nativeId, { command: 'setStatus', status }, signal));
    },
  };
}

/** Sends a command to a Maestro server. */
export function putWish(client: MaestroClient, nativeId: string, wish: UserWish): Promise<Answer> {
  return client.request('PATCH', taskPath(nativeId), { status: userWord(wishedStatus(wish), 'maestro') });
}
