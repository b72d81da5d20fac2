import type { GroupEnd } from '../../io/group-child.ts';
import { errorMessage, type Problem, problem } from '../../model/problem.ts';
import { shellWord } from '../../model/shell-word.ts';
import { type PlainText, plainName, words } from '../../model/text.ts';
import type { SshHost } from './ssh-place.ts';

/** `ssh` exits with this if it failed itself, and not the command over there. */
const OWN_FAILURE = 255;
const NOT_FOUND = 127;

/** Returns why there is no connection: how `ssh` ended, and the last error line of `ssh` or of what it started. */
export function sshProblem(end: GroupEnd, complaint: string, host: SshHost): Problem {
  const { shown } = host;
  const said = plainName(complaint);
  if (end.error) return notStarted(end.error, shown);
  if (end.code === OWN_FAILURE)
    return problem(
      'unreachable',
      'down',
      words`${shown}: ${said || words`ssh has failed`}`,
      whatToDo(said, host),
    );
  if (end.code === NOT_FOUND) {
    const hint = words`install it there, or put it on the PATH that ssh gives: ssh ${shellWord(host.destination)} 'command -v taskglass'`;
    return problem('missing', 'down', words`${shown}: taskglass is not there (${said})`, hint);
  }
  const how = end.signal ? words`was ended by ${end.signal}` : words`ended with code ${end.code ?? 0}`;
  const why = said === '' ? words`` : words`: ${said}`;
  const hint = words`is it the same version there? ssh ${shellWord(host.destination)} taskglass --version`;
  return problem('unreachable', 'down', words`${shown}: taskglass ${how} there${why}`, hint);
}

/** Returns what a person can do about an error of `ssh`, which must not ask for anything here. */
function whatToDo(said: PlainText, { destination }: SshHost): PlainText {
  const by = shellWord(destination);
  if (/host key verification failed|known_hosts/iu.test(said))
    return words`connect once by hand, to check its key: ssh ${by}`;
  if (/permission denied|too many authentication/iu.test(said))
    return words`ssh must not ask here: ssh-add your key, then try ssh -o BatchMode=yes ${by} true`;
  if (/could not resolve/iu.test(said)) return words`is the name right? see ~/.ssh/config; trying again`;
  return words`trying again; by hand: ssh ${by} true`;
}

function notStarted(error: Error, shown: PlainText): Problem {
  const isMissing = (error as NodeJS.ErrnoException).code === 'ENOENT';
  const why = isMissing ? words`there is no ssh on the PATH` : plainName(errorMessage(error));
  return problem('unreachable', 'down', words`${shown}: ${why}`, 'install the client of OpenSSH');
}

/** Says that something other than `taskglass serve --stdio` answers, or prints endlessly before it does. */
export function strangerProblem({ shown, destination }: SshHost): Problem {
  const said = words`${shown}: something other than taskglass answers`;
  const hint = words`does its shell print endlessly at login? ssh ${shellWord(destination)} true`;
  return problem('malformed', 'down', said, hint);
}

export function silentProblem({ shown }: SshHost, seconds: number): Problem {
  return problem('no-answer', 'down', words`${shown} has not answered within ${seconds} s`, 'trying again');
}
