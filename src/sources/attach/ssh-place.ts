import { type Problem, problem } from '../../model/problem.ts';
import { joined, type PlainText, plainName, words } from '../../model/text.ts';

/** How many known hosts are suggested if none was named. */
const HOSTS_SHOWN = 5;

/** A host as `ssh` accepts it. */
export interface SshHost {
  /** The argument for `ssh`: `web1`, `me@web1`, `ssh://me@web1:2222`. */
  readonly destination: string;
  readonly shown: PlainText;
}

/** Reads what follows `ssh:`. Anything that could be an option of `ssh`, or contains a password, is refused. */
export function readSshPlace(place: string): SshHost | Problem {
  const isUrl = place.startsWith('//');
  const host = isUrl ? place.slice(2) : place;
  if (host === '') return noHost([]);
  if (/^[^@]*:[^@]*@/u.test(host))
    return problem('malformed', 'down', 'ssh: a password in the address is not supported', HINT);
  if (!/^[\w.@%+~:[\]][\w.@%+~:[\]-]*\/?$/u.test(host) || host.includes('@-')) {
    return problem('malformed', 'down', words`ssh:${plainName(place)}: not the name of a host`, HINT);
  }
  return { destination: isUrl ? `ssh:${place}` : place, shown: plainName(host.replace(/\/$/u, '')) };
}

const HINT = words`ssh:HOST, with a HOST that ssh knows: a name of ~/.ssh/config, or user@host`;

/** Returns the problem of an `ssh:` without a host, with hosts that may have been meant. */
export function noHost(known: readonly string[]): Problem {
  const shown = joined(
    known.slice(0, HOSTS_SHOWN).map((host) => words`ssh:${plainName(host)}`),
    ', ',
  );
  const hint = shown === '' ? HINT : words`name one: ${shown}`;
  return problem('malformed', 'down', 'ssh: there is no host', hint);
}
