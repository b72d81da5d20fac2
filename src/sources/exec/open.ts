import type { Problem } from '../../model/problem.ts';
import type { PlacedOptions } from '../kit/program-options.ts';
import type { Source } from '../kit/source.ts';
import { createExecdSource } from './kept.ts';
import { readExecdPlace, readExecPlace } from './place.ts';
import { createExecSource } from './polled.ts';

/** Opens what `exec:` names; returns a problem if that cannot be run. */
export function openExec({ place, ...options }: PlacedOptions): Source | Problem {
  const read = readExecPlace(place);
  return 'severity' in read ? read : createExecSource({ ...options, ...read });
}

/** Opens what `execd:` names; returns a problem if that cannot be run. */
export function openExecd({ place, ...options }: PlacedOptions): Source | Problem {
  const read = readExecdPlace(place);
  return 'severity' in read ? read : createExecdSource({ ...options, ...read });
}
