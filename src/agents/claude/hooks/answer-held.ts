import { connect } from 'node:net';
import type { Clock } from '../../../clock.ts';
import { jsonObject, readJson } from '../../../model/json.ts';
import { type PlainText, plainNameOrNull } from '../../../model/text.ts';

/** The outcome of an answer: it counts, somebody else's did, or nobody waits for one any more. */
export type HeldOutcome =
  | { readonly kind: 'taken' }
  | { readonly kind: 'answered'; readonly answer: PlainText | null }
  | { readonly kind: 'gone' };

/** A hook answers at once; one that has not by then is gone. */
const LIMIT_MS = 1_000;
const LONGEST_REPLY = 8 * 1024;

/** Gives a held hook its answer, at the socket where it waits. Never rejects. */
export async function answerHeld(
  socket: string,
  answer: { readonly choice: string; readonly message: string | null; readonly by: string },
  clock: Clock,
): Promise<HeldOutcome> {
  const reply = await new Promise<string>((resolve) => {
    let said = '';
    const connection = connect(socket).setEncoding('utf8');
    const end = () => {
      stopTimer();
      connection.destroy();
      resolve(said);
    };
    const stopTimer = clock.after(LIMIT_MS, end);
    connection.once('connect', () => connection.write(`${JSON.stringify(answer)}\n`));
    connection.once('close', end).once('error', end);
    connection.on('data', (piece) => {
      said += piece;
      if (said.includes('\n') || said.length > LONGEST_REPLY) end();
    });
  });
  const told = jsonObject(readJson(reply));
  if (told?.taken === true) return { kind: 'taken' };
  if (told?.why !== 'answered') return { kind: 'gone' };
  return { kind: 'answered', answer: plainNameOrNull(told.answer) };
}
