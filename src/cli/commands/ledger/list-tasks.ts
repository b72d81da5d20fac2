import { commandsOf, commandText, type TaskCommand } from '../../../ledger/task-commands.ts';
import type { TaskRecord } from '../../../ledger/types.ts';
import { type PlainText, plainName, words } from '../../../model/text.ts';
import { numberText } from '../../../present/count.ts';
import { momentText } from '../../../present/duration.ts';
import { BLANK_LINE, type Line, textLine } from '../../../present/line.ts';
import { percentText } from '../../../present/row.ts';
import { type TableCell, type TableColumn, tableLines } from '../../../present/table.ts';
import { EXIT } from '../../process/exit.ts';
import { FILTERS, filtersOf } from './filters.ts';
import { progressOf, taskDocument } from './task-document.ts';
import { countLine, shownStatus, statusCell } from './task-words.ts';
import type { Page, Verb } from './verb.ts';

export const listTasks: Verb = {
  name: 'list-tasks',
  about: 'list the tasks',
  examples: [
    'taskglass ledger list-tasks --status ready,in_progress --sort updated',
    'taskglass ledger list-tasks --job nightly --since 24h --json | jq .[].id',
  ],
  options: FILTERS,
  async run({ options, isJson, openLedger, print }) {
    const ledger = await openLedger();
    const filters = filtersOf(options);
    const records = await ledger.query(filters);
    const isCut = !isJson && records.length === filters.limit;
    const total = isCut ? await ledger.count(filters) : records.length;
    print(records.map(taskDocument), (page) => [
      ...taskTable(records, page, LIST_COLUMNS),
      ...sumLines(records, total),
    ]);
    return EXIT.ok;
  },
};

/** Returns a table with a line for each task; columns that are empty for all of them are left out. */
export function taskTable(records: readonly TaskRecord[], page: Page, columns = COLUMNS): Line[] {
  if (records.length === 0) return [];
  const shown = columns.filter(({ isNeeded = () => true }) => records.some(isNeeded));
  const rows = records.map((record) => shown.map(({ cell }) => cell(record, page)));
  return tableLines(shown, rows, page);
}

interface TaskColumn extends TableColumn {
  readonly cell: (record: TaskRecord, page: Page) => TableCell;
  readonly isNeeded?: (record: TaskRecord) => boolean;
}

const COLUMNS: readonly TaskColumn[] = [
  { title: words`STATUS`, cell: (record, { ascii }) => statusCell(shownStatus(record), ascii) },
  {
    title: words`DONE`,
    align: 'right',
    cell: (record) => percentText(progressOf(record)),
    isNeeded: (record) => progressOf(record) !== null,
  },
  {
    title: words`PRI`,
    align: 'right',
    cell: ({ definition }) => words`${definition.priority ?? ''}`,
    isNeeded: ({ definition }) => definition.priority !== null,
  },
  { title: words`ID`, yields: 0.8, cell: ({ definition }) => plainName(definition.id) },
  { title: words`NAME`, yields: 1, cell: ({ definition }) => plainName(definition.name) },
  {
    title: words`JOB`,
    yields: 2,
    isDispensable: true,
    cell: ({ definition }) => plainName(definition.job ?? ''),
    isNeeded: ({ definition }) => definition.job !== null,
  },
  {
    title: words`MODULE`,
    yields: 2,
    isDispensable: true,
    cell: ({ definition }) => plainName(definition.module ?? ''),
    isNeeded: ({ definition }) => definition.module !== null,
  },
  {
    title: words`CHANGED`,
    isDispensable: true,
    cell: ({ status }, { nowMs }) => momentText(status.updatedAt, nowMs),
  },
];

/** Adds the commands that the ledger would run for each task: a list should show them. */
const LIST_COLUMNS: readonly TaskColumn[] = [
  ...COLUMNS.slice(0, -1),
  {
    title: words`RUNS`,
    yields: 2,
    cell: ({ definition }) => commandsCell(commandsOf(definition)),
    isNeeded: ({ definition }) => commandsOf(definition).length > 0,
  },
  ...COLUMNS.slice(-1),
];

function sumLines(records: readonly TaskRecord[], total: number): Line[] {
  const more = total > records.length ? words` (${numberText(total)} in all)` : '';
  const sum = textLine(words`${countLine(records)}${more}`, 'dim');
  return records.length === 0 ? [sum] : [BLANK_LINE, sum];
}

/** Returns how many commands a task has, and which; `task-status` shows them in full. */
function commandsCell(commands: readonly TaskCommand[]): PlainText {
  if (commands.length === 0) return words``;
  return plainName(`${commands.length}: ${commands.map(({ action }) => commandText(action)).join('; ')}`);
}
