import { InvalidArgumentError } from 'commander';
import { TASK_SORTS, type TaskSort } from '../../../ledger/sql/select-tasks.ts';
import { LEDGER_STATUSES } from '../../../ledger/sql/words.ts';
import type { TaskQuery } from '../../../ledger/types.ts';
import type { CliOption } from '../../command.ts';
import { oneOf, wholeNumber } from '../../config/option-values.ts';
import { JOB_FILTER, MODULE_FILTER, SINCE } from './options.ts';

type StatusWord = NonNullable<TaskQuery['status']>[number];
type PriorityFilter = NonNullable<TaskQuery['priority']>;

/**
 * The words that `--status` accepts: the ledger's own, two that say whether a pending task can be started, and taskglass's
 * words for the same.
 */
const STATUS_WORDS = new Map<string, readonly StatusWord[]>([
  ...LEDGER_STATUSES.map((word) => [word, [word]] as [string, StatusWord[]]),
  ['waiting', ['waiting']],
  ['ready', ['ready']],
  ['queued', ['ready']],
  ['running', ['in_progress', 'completing']],
]);
const SHOWN_WORDS = [...LEDGER_STATUSES, 'waiting', 'ready'];

/** The options of every verb that lists. */
export const FILTERS: readonly CliOption[] = [
  {
    flags: '--status <words>',
    about: `show only tasks with one of these statuses, separated by commas: ${SHOWN_WORDS.join(', ')}`,
    parse: parseStatus,
    takes: [{ words: SHOWN_WORDS }],
  },
  JOB_FILTER,
  MODULE_FILTER,
  {
    flags: '--priority <n>',
    about: 'show only tasks with this priority; ..3 means 3 or more urgent',
    parse: parsePriority,
  },
  { ...SINCE, about: 'show only tasks that changed since then: 30m, 24h, 7d, 2026-11-01' },
  { flags: '--sort <key>', about: `sort by ${TASK_SORTS.join(', ')}`, ...oneOf(TASK_SORTS) },
  { flags: '--limit <n>', about: 'show at most this many', parse: wholeNumber(1) },
];

/** The values of the options in `FILTERS`. */
export interface Filters {
  readonly status?: readonly StatusWord[];
  readonly job?: string;
  readonly module?: string;
  readonly priority?: PriorityFilter;
  readonly since?: number;
  readonly sort?: TaskSort;
  readonly limit?: number;
}

/** Returns the filters among a verb's options. */
export function filtersOf(options: Readonly<Record<string, unknown>>): Filters {
  const names = ['status', 'job', 'module', 'priority', 'since', 'sort', 'limit'];
  return Object.fromEntries(names.flatMap((name) => (name in options ? [[name, options[name]]] : [])));
}

function parseStatus(text: string): readonly StatusWord[] {
  return text.split(',').flatMap((word) => {
    const words = STATUS_WORDS.get(word.trim().replace('-', '_'));
    if (!words) throw new InvalidArgumentError(`It must be among ${SHOWN_WORDS.join(', ')}.`);
    return words;
  });
}

function parsePriority(text: string): PriorityFilter {
  const [, upTo, number] = /^(\.\.|<=)?(-?\d+(?:\.\d+)?)$/u.exec(text.trim()) ?? [];
  if (number === undefined) throw new InvalidArgumentError('Write a number, or ..3 for 3 and more urgent.');
  return upTo === undefined ? Number(number) : { atMost: Number(number) };
}
