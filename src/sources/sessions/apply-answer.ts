import type { Answer } from '../../model/answer.ts';
import type { ReadMoment } from '../../model/moment.ts';
import { words } from '../../model/text.ts';
import { ANSWERS_KEPT, answersIn } from '../kit/answer-notes.ts';
import { ANSWERS, askedBy } from './answers.ts';
import { type RawTask, stamp } from './board-task.ts';
import { refusal } from './refusal.ts';
import type { DecodedReport } from './reports.ts';
import type { Dialect } from './words.ts';

/**
 * Adds an answer to a task, for the session that asks `question`. Its status remains the session's own. Throws a `RewriteError`
 * if nobody asks that any more.
 */
export function applyAnswer(
  task: RawTask,
  question: string,
  { text, by, at }: Answer,
  {
    dialect,
    reports,
    read,
  }: { readonly dialect: Dialect; readonly reports: readonly DecodedReport[]; readonly read: ReadMoment },
): void {
  const { question: open, answered } = askedBy(task, reports, read);
  if (answered !== null) throw refusal(words`it was answered already: ${answered}`);
  const asking = reports.find(
    ({ session, status }) => status === 'needs_input' && session.notes === open?.text,
  );
  if (!asking || open?.text !== question) throw refusal(words`the question is no longer open`);
  const entry = { sessionId: asking.session.id, question, text, by, at: stamp('', dialect, at) };
  task[ANSWERS] = [...answersIn(task[ANSWERS]), entry].slice(-ANSWERS_KEPT);
  if ('updatedAt' in task) task.updatedAt = stamp(task.updatedAt, dialect, at);
}
