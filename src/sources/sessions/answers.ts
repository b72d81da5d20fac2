import type { Question } from '../../model/details.ts';
import type { ReadMoment } from '../../model/moment.ts';
import { type PlainText, plainNameOrNull } from '../../model/text.ts';
import { answersIn } from '../kit/answer-notes.ts';
import type { DecodedReport } from './reports.ts';

type Json = Readonly<Record<string, unknown>>;

/** Our own key in a task's document: the answers to its sessions' questions. */
export const ANSWERS = 'answers';

/** What a person is asked now, and which answer has not been taken up yet. */
export interface Asked {
  readonly question: Question | null;
  readonly answered: PlainText | null;
}

/** Returns what the sessions that need input ask: the newest question that nobody has answered. */
export function askedBy(task: Json, reports: readonly DecodedReport[], read: ReadMoment): Asked {
  const asking = reports
    .filter(({ status }) => status === 'needs_input')
    .map(({ session }) => session)
    .sort((a, b) => (b.updatedAt ?? 0) - (a.updatedAt ?? 0));
  const answers = answersIn(task[ANSWERS]);
  const answerTo = (id: string, askedAt: number | null) =>
    answers.findLast(
      (each) => plainNameOrNull(each.sessionId) === id && (read(each.at) ?? 0) >= (askedAt ?? 0),
    );
  const open = asking.find(({ id, updatedAt }) => !answerTo(id, updatedAt));
  if (open)
    return {
      question: open.notes ? { text: open.notes, choices: [], askedAt: open.updatedAt } : null,
      answered: null,
    };
  const [first] = asking;
  const answer = first && answerTo(first.id, first.updatedAt);
  return { question: null, answered: plainNameOrNull(answer?.text) };
}
