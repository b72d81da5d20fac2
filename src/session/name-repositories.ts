import { hostname } from 'node:os';
import { isAbsolute } from 'node:path';
import { type Clock, endsWithin } from '../clock.ts';
import { createRepositories, type Repositories } from '../io/repository.ts';
import { ELSEWHERE } from '../model/elsewhere.ts';
import type { SourceEvent } from '../model/event.ts';
import type { Task } from '../model/task.ts';
import { plainName } from '../model/text.ts';
import type { Source } from '../sources/kit/source.ts';

/** A file system that does not answer must not hold up a source's news. */
const LOOK_LIMIT_MS = 250;

/** Returns a function that makes a source name the git repository of each task whose directory is on this machine. */
export function createRepositoryNamer(clock: Clock): (source: Source) => Source {
  const repositories = createRepositories();
  return (source) => ({
    ...source,
    get kind() {
      return source.kind;
    },
    async *events(options) {
      const named = new WeakMap<Task, Task>();
      for await (const event of source.events(options)) {
        const tasks = ELSEWHERE.has(source.kind) ? [] : tasksIn(event).filter(isHere);
        if (tasks.length === 0) yield event;
        else {
          await lookUp(tasks, repositories, clock);
          yield withTasks(event, (task) => nameRepository(task, repositories, named));
        }
      }
    },
  });
}

function tasksIn(event: SourceEvent): readonly Task[] {
  if (event.type === 'changed') return [event.task];
  return event.type === 'snapshot' ? event.tasks : [];
}

function withTasks(event: SourceEvent, change: (task: Task) => Task): SourceEvent {
  if (event.type === 'changed') return { ...event, task: change(event.task) };
  return event.type === 'snapshot' ? { ...event, tasks: event.tasks.map(change) } : event;
}

const OWN_HOST = hostname();

function isHere({ cwd, host, repo }: Task): boolean {
  return Boolean(cwd) && isAbsolute(cwd ?? '') && (!host || host === OWN_HOST) && !repo;
}

async function lookUp(tasks: readonly Task[], repositories: Repositories, clock: Clock): Promise<void> {
  const directories = new Set(tasks.map(({ cwd }) => cwd ?? ''));
  const unknown = [...directories].filter((directory) => repositories.known(directory) === undefined);
  if (unknown.length === 0) return;
  await endsWithin(clock, LOOK_LIMIT_MS, Promise.all(unknown.map(repositories.find)));
}

/** Returns the same object for the same task, because unchanged tasks are drawn from caches. */
function nameRepository(task: Task, repositories: Repositories, named: WeakMap<Task, Task>): Task {
  const repository = isHere(task) ? repositories.known(task.cwd ?? '') : null;
  if (!repository) return task;
  const before = named.get(task);
  if (before) return before;
  const now = { ...task, repo: plainName(repository) };
  named.set(task, now);
  return now;
}
