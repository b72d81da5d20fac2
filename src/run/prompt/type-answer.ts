import type { Answer } from '../../model/answer.ts';
import { plainName, words } from '../../model/text.ts';
import type { Report } from '../../publish/report.ts';
import type { Child } from '../child.ts';
import { typedAnswer } from './answering.ts';
import type { PromptReport } from './watch-prompts.ts';

/**
 * Types an answer into the command's terminal if the command still waits at the prompt that was shown: at any other prompt it
 * would answer something else. If it is not typed, the kept output says so.
 */
export async function typeAnswer(
  { text, by }: Answer,
  {
    prompts,
    child,
    log,
  }: {
    readonly prompts: Pick<PromptReport, 'isWaiting' | 'askAgain'>;
    readonly child: Child | null;
    readonly log: Report['output'];
  },
): Promise<void> {
  const line = typedAnswer(text);
  const isWaiting = line !== null && (await prompts.isWaiting());
  if (line && isWaiting && child?.type) return child.type(line);
  const why =
    line === null ? 'it is not a line that can be typed' : 'the command is no longer waiting at that prompt';
  const note = words`taskglass: run: the answer from ${plainName(by)} was not typed: ${why}`;
  log?.(Buffer.from(`${note}\n`), 'log');
  prompts.askAgain();
}
