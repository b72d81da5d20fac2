import { randomUUID } from 'node:crypto';
import type { Clock } from '../../clock.ts';
import { whoAsks } from '../../io/who-asks.ts';
import type { CommandName, CommandResult } from '../../model/command.ts';
import { refused, refusedBecause } from '../../model/refused.ts';
import { shownAddress } from '../../model/shown-url.ts';
import { type PlainText, words } from '../../model/text.ts';
import { readRefusal, TOKEN_HINT } from './access-problem.ts';
import { bearer, type Fetch, WayError } from './socket-fetch.ts';

/** The server only confirms the command, at once; its result comes with the stream. */
const ANSWER_TIMEOUT_MS = 5_000;

/** Posts a command, in the form of a command file, to the address that the stream comes from. */
export async function postCommand(options: {
  readonly url: string;
  /** The server's name; its address if absent. */
  readonly where?: PlainText;
  readonly token: string | null;
  readonly fetch: Fetch;
  readonly command: CommandName;
  /** The status to set, for `setStatus`; the answer to the task's question, for `answer`. */
  readonly argument?: string | undefined;
  readonly taskId: string;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}): Promise<CommandResult> {
  const { url, token, command, argument, taskId, clock, signal } = options;
  const where = options.where ?? shownAddress(url);
  const timeout = new AbortController();
  const stopTimer = clock.after(ANSWER_TIMEOUT_MS, () => timeout.abort());
  try {
    const response = await options.fetch(url, {
      method: 'POST',
      redirect: 'manual', // following it would request a page instead
      signal: AbortSignal.any([signal, timeout.signal]),
      headers: {
        'content-type': 'application/json',
        ...bearer(token),
      },
      body: JSON.stringify({ id: randomUUID(), command, argument, taskId, at: clock.now(), by: whoAsks() }),
    });
    if (response.ok) {
      await response.body?.cancel();
      return { kind: 'sent' };
    }
    const why = await readRefusal(response);
    const hint = response.status === 401 ? TOKEN_HINT : undefined;
    return refused('refused', words`${command}: ${where} refuses: ${why}`, hint);
  } catch (error) {
    if (error instanceof WayError) return refusedBecause(command, error.problem);
    return refused('no-answer', words`${command}: ${where} does not answer`, 'is the server running?');
  } finally {
    stopTimer();
  }
}
