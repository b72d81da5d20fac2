import type { CommandAnswer } from '../../io/ask-command.ts';
import type { GroupEnd } from '../../io/group-child.ts';
import { errorMessage, type Problem, problem } from '../../model/problem.ts';
import { type PlainText, plainName, words } from '../../model/text.ts';
import { STATE_FORM, type StateReading, whyNoState } from '../dashboard-state/state-reader.ts';

const TEST_HINT = words`see what is wrong: taskglass source test CMD`;
const MEBIBYTE = 1024 * 1024;

/** Returns why a command's answer contains no state. */
export function answerProblem(
  answer: Exclude<CommandAnswer, { kind: 'aborted' }>,
  complaint: string,
  name: PlainText,
): Problem {
  switch (answer.kind) {
    case 'ended':
      return endProblem(answer, complaint, name, TEST_HINT);
    case 'not-started':
      return startProblem(answer.code, name);
    case 'too-slow': {
      const said = words`${name} has not ended within ${answer.limitMs / 1000} s, and was stopped`;
      return problem('no-answer', 'down', said, 'if it is meant to keep running, use execd:CMD');
    }
    case 'too-long': {
      const said = words`${name} prints more than ${answer.limitBytes / MEBIBYTE} MiB, and was stopped`;
      return problem('too-large', 'down', said, TEST_HINT);
    }
    default:
      return answer satisfies never;
  }
}

/** Returns how a command ended, with its last error line. */
export function endProblem(
  { code, signal }: Pick<GroupEnd, 'code' | 'signal'>,
  complaint: string,
  name: PlainText,
  hint: PlainText,
): Problem {
  const how = signal ? words`was ended by ${signal}` : words`ended with code ${code ?? 0}`;
  const said = plainName(complaint);
  return problem('unreadable', 'down', words`${name} ${how}${said === '' ? '' : words`: ${said}`}`, hint);
}

/** Returns why a command could not be started, from the system's error or its code. */
export function startProblem(error: unknown, name: PlainText): Problem {
  const why = plainName(typeof error === 'string' ? error : errorMessage(error));
  return problem('unreadable', 'down', words`${name} could not be started: ${why}`, TEST_HINT);
}

/** Returns what is wrong with an output that is not a state. */
export function outputProblem(
  reading: Exclude<StateReading, { kind: 'state' }>,
  what: PlainText,
  severity: Problem['severity'],
): Problem {
  return problem('malformed', severity, whyNoState(reading, what), HINT);
}

const HINT = words`a dashboard state is expected: ${STATE_FORM}; ${TEST_HINT}`;

export function silentProblem(name: PlainText): Problem {
  return problem('missing', 'down', words`${name} prints nothing`, HINT);
}
