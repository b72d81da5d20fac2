import type { Problem } from '../../model/problem.ts';
import type { PlainText } from '../../model/text.ts';
import type { AnswerWatch } from './answer-watch.ts';
import type { Link } from './link.ts';
import { type Login, NOT_ACCEPTED } from './login.ts';
import { asksForLogin, concernsLogin } from './reasons.ts';
import {
  cutProblem,
  floodProblem,
  forgedProblem,
  loginProblem,
  malformedProblem,
  passedOverProblem,
  refusalProblem,
  silenceProblem,
} from './relay-problems.ts';
import type { Subscriptions } from './subscriptions.ts';
import type { VerificationQueue } from './verification-queue.ts';

/** What a relay did wrong on one connection. */
export interface Misconduct {
  /** How many messages were malformed. */
  readonly malformed: number;
  /** How many messages were too long to be read. */
  readonly passedOver: number;
  readonly hasForged: boolean;
  /** The text of its last NOTICE. */
  readonly notice: PlainText | null;
}

export const NO_MISCONDUCT: Misconduct = { malformed: 0, passedOver: 0, hasForged: false, notice: null };

/** Returns the most serious problem with a relay now, or null. */
export function gravestTrouble(
  url: string,
  relay: {
    link: Pick<Link, 'problem'>;
    login: Login;
    hasKey: boolean;
    subscriptions: Pick<Subscriptions, 'refusals' | 'isCut'>;
    answers: Pick<AnswerWatch, 'isSilent'>;
    queue: Pick<VerificationQueue, 'isFlooded'>;
    misconduct: Misconduct;
  },
): Problem | null {
  const { link, login, subscriptions, answers, queue, misconduct } = relay;
  if (link.problem) return link.problem;
  if (login.failure !== null) return loginProblem(url, login.failure);
  const refusal = subscriptions.refusals().find((reason) => !login.isUnderWay || !concernsLogin(reason));
  if (refusal !== undefined) {
    if (!asksForLogin(refusal)) return refusalProblem(url, refusal);
    return loginProblem(url, relay.hasKey ? NOT_ACCEPTED : null);
  }
  if (answers.isSilent && !login.isUnderWay) return silenceProblem(url, 'request', misconduct.notice);
  if (misconduct.malformed > 0) return malformedProblem(url, 'degraded');
  if (misconduct.passedOver > 0) return passedOverProblem(url, 'degraded');
  if (queue.isFlooded) return floodProblem(url);
  if (misconduct.hasForged) return forgedProblem(url);
  return subscriptions.isCut ? cutProblem(url) : null;
}
