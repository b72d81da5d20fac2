import type { Io } from '../../../io/io.ts';
import { sshHosts } from '../../../io/ssh-hosts.ts';
import type { KnownTask } from '../../../model/known-task.ts';
import { AGENTS } from '../../../session/discovered-kinds.ts';
import { PROGRAM_SCHEMES } from '../../../session/programs.ts';
import { homeOf } from '../../../storage/home.ts';
import type { ValueKind } from '../../command.ts';
import { type Asked, flagsOf } from './asked.ts';
import { anyFile, noFile, type PathFilter, pathsFor, sourceFile } from './paths.ts';
import type { Besides, Candidate } from './shell-replies.ts';

/** What could complete the word, and which files the shell should offer in addition. */
export interface Values {
  readonly candidates: readonly Candidate[];
  readonly besides: Besides;
}

/** A longer name is of no use; the id is offered instead. */
const LONGEST_NAME = 80;

/** Returns everything that the word could be, not yet filtered by what has been typed of it. */
export async function valuesFor(asked: Asked, io: Io): Promise<Values> {
  const { commands, options, takes, before, typed } = asked;
  const found: Candidate[] = [
    ...commands.map(({ name, about }) => ({ value: name, about })),
    ...options.flatMap(({ flags, about }) => flagsOf(flags).map((value) => ({ value, about }))),
  ];
  let besides: Besides = null;
  for (const taken of takes) {
    found.push(...(await candidatesOf(taken, asked, io)));
    besides ??= besidesOf(taken);
  }
  if (besides === 'sources' && typed === '' && found.length > 0) besides = null; // they would bury the names
  const candidates = found
    .filter(({ value }) => !/\p{Cc}/u.test(value)) // each is a line of the answer
    .map((each) => ({ ...each, value: `${before}${each.value}` }));
  return { candidates, besides };
}

/** Returns the files that a shell would offer by itself. */
export function filesFor(besides: Besides, typed: string, io: Io): Promise<Candidate[]> {
  return besides === null ? Promise.resolve([]) : pathsFor(typed, io, FILES[besides]);
}

const FILES: Readonly<Record<NonNullable<Besides>, PathFilter>> = {
  files: anyFile,
  directories: noFile,
  sources: sourceFile,
};

function besidesOf(taken: ValueKind): Besides {
  if (taken === 'file') return 'files';
  if (taken === 'directory') return 'directories';
  return taken === 'source' ? 'sources' : null;
}

async function candidatesOf(taken: ValueKind, { typed, given }: Asked, io: Io): Promise<Candidate[]> {
  if (typeof taken === 'object') return listed(taken.words, typed);
  switch (taken) {
    case 'source':
      return sources(typed, io);
    case 'task': {
      const { tasksHere } = await import('./tasks-here.ts');
      return namesOf(await tasksHere(io), typed);
    }
    case 'ledger-task': {
      const { ledgerTasks } = await import('./tasks-here.ts');
      return idsOf(await ledgerTasks(given.get('--db'), io));
    }
    case 'board-task': {
      const { boardTasks } = await import('./tasks-here.ts');
      return idsOf(await boardTasks(given.get('--board'), io));
    }
    default:
      return [];
  }
}

/** Returns one of some words, or the next one of several that are separated by commas. */
function listed(words: readonly string[], typed: string): Candidate[] {
  const before = typed.slice(0, typed.lastIndexOf(',') + 1);
  const taken = new Set(before.split(','));
  return words.filter((word) => !taken.has(word)).map((word) => ({ value: `${before}${word}` }));
}

/** Returns the name of each task if it is unambiguous, else its id; and the ids that begin with what has been typed. */
function namesOf(tasks: readonly KnownTask[], typed: string): Candidate[] {
  const count = new Map<string, number>();
  for (const { name } of tasks) count.set(name, (count.get(name) ?? 0) + 1);
  return tasks.flatMap(({ id, name, status }) => {
    const isClear = name !== '' && name.length <= LONGEST_NAME && count.get(name) === 1 && !/^-/u.test(name);
    const byName = { value: name, about: status };
    const byId = { value: id, about: [status, name].filter(Boolean).join(' ').slice(0, LONGEST_NAME) };
    if (!isClear) return isTypable(id) ? [byId] : [];
    const isIdBegun = typed !== '' && id.startsWith(typed) && !name.startsWith(typed);
    return isIdBegun && isTypable(id) ? [byName, byId] : [byName];
  });
}

function idsOf(tasks: readonly KnownTask[]): Candidate[] {
  return tasks
    .filter(({ id }) => isTypable(id))
    .map(({ id, name, status }) => ({
      value: id,
      about: [status, name === id ? '' : name].filter(Boolean).join(' ').slice(0, LONGEST_NAME),
    }));
}

/** Tells whether an id fits on one line and does not look like an option. */
function isTypable(id: string): boolean {
  return !/\p{Cc}|^-/u.test(id);
}

const OPEN_SCHEMES = [
  'maestro:',
  'agui:',
  'ssh:',
  'exec:',
  'execd:',
  'http://',
  'https://',
  'ws://',
  'wss://',
];

/** The schemes that are followed by a directory. */
const NAMES_DIRECTORY = new RegExp(`^((?:${[...AGENTS, 'maestro'].join('|')}):)`, 'u');

/** Returns the schemes of sources once one has been begun, the hosts for `ssh:`, and the paths for other schemes. */
async function sources(typed: string, io: Io): Promise<Candidate[]> {
  if (typed.startsWith('ssh:'))
    return (await sshHosts(homeOf(io.env))).map((host) => ({
      value: `ssh:${host}`,
      about: 'host',
    }));
  const [, scheme = ''] = NAMES_DIRECTORY.exec(typed) ?? [];
  if (scheme !== '') {
    const paths = await pathsFor(typed.slice(scheme.length), io, noFile);
    return paths.map(({ value }) => ({ value: `${scheme}${value}`, isOpen: true }));
  }
  if (typed === '') return [];
  const programs = PROGRAM_SCHEMES.map((value) => ({
    value,
    about: "a program's tasks",
    isOpen: true,
  }));
  return [...programs, ...OPEN_SCHEMES.map((value) => ({ value, about: 'source', isOpen: true }))];
}
