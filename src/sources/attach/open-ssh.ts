import { homedir } from 'node:os';
import type { Clock } from '../../clock.ts';
import { sshHosts } from '../../io/ssh-hosts.ts';
import type { SourceId } from '../../model/id.ts';
import type { Problem } from '../../model/problem.ts';
import type { Source } from '../kit/source.ts';
import { noHost, readSshPlace } from './ssh-place.ts';
import { createSshSource } from './ssh-source.ts';

/** Opens what `ssh:` names; a problem if that is no host. */
export async function openSsh({
  place,
  ...options
}: {
  readonly id: SourceId;
  readonly place: string;
  readonly clock: Clock;
  readonly env: Readonly<Record<string, string | undefined>>;
}): Promise<Source | Problem> {
  if (place === '') return noHost(await sshHosts(options.env.HOME ?? homedir()));
  const host = readSshPlace(place);
  return 'severity' in host ? host : createSshSource({ ...options, host });
}
