import { errorMessage, type Problem, problem } from '../../../model/problem.ts';
import { plainName, words } from '../../../model/text.ts';
import { momentBefore } from '../../config/option-values.ts';
import type { LogsOptions } from './options.ts';

/** Which lines were asked for. */
export interface LinesAsked {
  readonly kind: 'asked';
  readonly sinceMs: number | undefined;
  readonly tail: number | undefined;
  readonly grep: RegExp | null;
}

export type ReadLines = LinesAsked | { readonly kind: 'refused'; readonly problem: Problem };

/** Reads the options that choose lines. `nowMs` is in epoch ms. */
export function readLinesAsked({ grep, since, tail }: LogsOptions, nowMs: number): ReadLines {
  const sinceMs = since === undefined ? undefined : momentBefore(nowMs, since);
  if (sinceMs === null) return refuse('since', since, 'for example --since 10m, or --since 2026-11-30T08:00');
  const count = tail === undefined ? undefined : Number(tail);
  if (count !== undefined && !(Number.isSafeInteger(count) && count >= 0 && tail?.trim() !== ''))
    return refuse('tail', tail, 'a number of lines, for example --tail 100');
  try {
    return { kind: 'asked', sinceMs, tail: count, grep: grep === undefined ? null : readPattern(grep) };
  } catch (error) {
    const why = words`logs: --grep: ${plainName(errorMessage(error))}`;
    return {
      kind: 'refused',
      problem: problem('malformed', 'down', why, 'for example --grep "error|warning"'),
    };
  }
}

/** Reads a pattern as leniently as `grep`: what is invalid in Unicode mode may be valid without it. */
function readPattern(pattern: string): RegExp {
  try {
    return new RegExp(pattern, 'u');
  } catch {
    return new RegExp(pattern);
  }
}

function refuse(option: 'since' | 'tail', given: string | undefined, hint: string): ReadLines {
  const why = words`logs: --${option} ${plainName(String(given))} cannot be read`;
  return { kind: 'refused', problem: problem('malformed', 'down', why, plainName(hint)) };
}
