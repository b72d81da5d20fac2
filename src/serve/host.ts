import { hostname } from 'node:os';
import { plainName } from '../model/text.ts';
import type { Monitor } from '../monitor.ts';
import type { DocumentContext } from '../present/snapshot.ts';

/** The kinds of sources whose work is done on other machines, unless a task says where. */
const ELSEWHERE: ReadonlySet<string> = new Set(['nostr', 'agui', 'attach', 'github', 'slurm']);

/** Returns this machine as others are told of it: by its own name, to them every task of its files is there. */
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
