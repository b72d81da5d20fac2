import { RewriteError } from '../../io/rewrite-json.ts';
import type { CommandResult } from '../../model/command.ts';
import { refusedBecause } from '../../model/refused.ts';
import type { PlainText } from '../../model/text.ts';

/** Answers a command once the requested change was made, or with the reason why it was not. */
export async function answerCommand(command: PlainText, change: Promise<unknown>): Promise<CommandResult> {
  try {
    await change;
    return { kind: 'sent' };
  } catch (error) {
    if (!(error instanceof RewriteError)) throw error;
    return refusedBecause(command, error.problem);
  }
}
