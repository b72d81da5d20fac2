import { hostname } from 'node:os';
import { ELSEWHERE } from '../model/elsewhere.ts';
import { plainName } from '../model/text.ts';
import type { Monitor } from '../monitor.ts';
import type { DocumentContext } from '../present/snapshot.ts';

/** Returns this machine as others see it: by its own name, because for them all tasks in its files are there. */
export function createHost({ getState }: Pick<Monitor, 'getState'>): NonNullable<DocumentContext['host']> {
  const name = plainName(hostname());
  return {
    name,
    of(task) {
      const kind = getState().sources.get(task.source)?.kind;
      return kind === undefined || ELSEWHERE.has(kind) ? null : name;
    },
  };
}
