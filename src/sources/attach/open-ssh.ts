import { sshHosts } from '../../io/ssh-hosts.ts';
import type { Problem } from '../../model/problem.ts';
import { homeOf } from '../../storage/home.ts';
import type { PlacedOptions } from '../kit/program-options.ts';
import type { Source } from '../kit/source.ts';
import { noHost, readSshPlace } from './ssh-place.ts';
import { createSshSource } from './ssh-source.ts';

/** Opens what `ssh:` names; returns a problem if that is not a host. */
export async function openSsh({ place, ...options }: Omit<PlacedOptions, 'cwd'>): Promise<Source | Problem> {
  if (place === '') return noHost(await sshHosts(homeOf(options.env)));
  const host = readSshPlace(place);
  return 'severity' in host ? host : createSshSource({ ...options, host });
}
