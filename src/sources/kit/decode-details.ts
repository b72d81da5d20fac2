import type { Question, TaskDetails } from '../../model/details.ts';
import { jsonObject } from '../../model/json.ts';
import { type ReadMoment, readMoment } from '../../model/moment.ts';
import { shownUrl } from '../../model/shown-url.ts';
import { nameIn, plainTextOrNull } from '../../model/text.ts';

/** A person can choose only among a few. */
const MOST_CHOICES = 100;
/** No system has a higher process id. */
const HIGHEST_PID = 2 ** 31 - 1;

/** What a task's document may contain in addition to its status, under the keys of our own documents. */
export type ToldDetails = Pick<
  TaskDetails,
  'host' | 'cwd' | 'repo' | 'url' | 'question' | 'lastLine' | 'pid'
>;

/**
 * Reads the optional keys of a task: `host`, `cwd`, `repo`, `url`, `question`, `lastLine`, `pid`. A value of any other form
 * counts as absent; what is absent has no key in the result.
 */
export function decodeDetails(
  task: Readonly<Record<string, unknown>>,
  read: ReadMoment = readMoment,
): ToldDetails {
  const details: Record<keyof ToldDetails, unknown> = {
    host: nameIn(task.host),
    cwd: nameIn(task.cwd),
    repo: nameIn(task.repo),
    url: decodeUrl(task.url),
    question: decodeQuestion(task.question, read),
    lastLine: nameIn(task.lastLine),
    pid: decodePid(task.pid),
  };
  return Object.fromEntries(Object.entries(details).filter(([, value]) => value !== null)) as ToldDetails;
}

/** Decodes an address: only one that a browser opens, and without parts that may be secret. */
function decodeUrl(raw: unknown) {
  return typeof raw === 'string' && /^https?:\/\/[^/]/iu.test(raw) ? shownUrl(raw) : null;
}

function decodeQuestion(raw: unknown, read: ReadMoment): Question | null {
  const question = jsonObject(raw);
  const text = typeof question?.text === 'string' ? plainTextOrNull(question.text) : null;
  if (!question || text === null) return null;
  const listed = Array.isArray(question.choices) ? question.choices.slice(0, MOST_CHOICES) : [];
  const choices = listed.map(nameIn).filter((choice) => choice !== null);
  const refusal = nameIn(question.refusal);
  return { text, choices, askedAt: read(question.askedAt), ...(refusal !== null && { refusal }) };
}

function decodePid(raw: unknown): number | null {
  return Number.isInteger(raw) && Number(raw) > 0 && Number(raw) <= HIGHEST_PID ? Number(raw) : null;
}
