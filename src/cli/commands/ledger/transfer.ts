import { printData } from '../../../io/print.ts';
import { isLedgerDocument, LEDGER_FORMAT } from '../../../ledger/document.ts';
import type { LedgerTransfer } from '../../../ledger/types.ts';
import { jsonObject } from '../../../model/json.ts';
import { joined, plainName, words } from '../../../model/text.ts';
import { plural } from '../../../present/count.ts';
import { textLine } from '../../../present/line.ts';
import { oneOf } from '../../config/option-values.ts';
import { EXIT } from '../../process/exit.ts';
import { readJsonInput } from './json-input.ts';
import { refusal } from './refusal.ts';
import { commandDocument, commandLines } from './task-commands.ts';
import { jsonText } from './task-document.ts';
import type { Verb } from './verb.ts';

const ON_CONFLICT = ['refuse', 'skip', 'replace'] as const;
const FORMATS = ['json', 'breakdown'] as const;

export const importTasks: Verb = {
  name: 'import',
  form: '<file>',
  about: 'import an export or a task breakdown (- for stdin)',
  examples: [
    'taskglass ledger import architecture/task-breakdown.json',
    'taskglass ledger export | taskglass ledger import - --db copy.db',
  ],
  mayCreate: true,
  hints: {
    'missing-dependency': words`use --allow-missing if they come later or not at all`,
    'known-task': words`use --on-conflict skip or replace`,
    commands: words`nothing was imported; check them in the file, then use --allow-commands`,
  },
  options: [
    {
      flags: '--on-conflict <word>',
      about: `for tasks that already exist: ${ON_CONFLICT.join(', ')}`,
      byDefault: 'refuse',
      ...oneOf(ON_CONFLICT),
    },
    { flags: '--allow-missing', about: 'allow missing dependencies' },
    {
      flags: '--allow-commands',
      about: 'also import the commands in the file; completing a task runs them',
    },
  ],
  async run({ args: [file = ''], options, openLedger, print, io }) {
    const transfer = await readTransfer(await readJsonInput(file, io), file, io.clock.now());
    const ledger = await openLedger();
    const { imported, skipped, commands } = await ledger.importTasks(transfer, {
      onConflict: (options.onConflict as (typeof ON_CONFLICT)[number] | undefined) ?? 'refuse',
      allowMissing: options.allowMissing === true,
      allowCommands: options.allowCommands === true,
    });
    print({ imported, skipped, commands: commands.map(commandDocument) }, () => [
      textLine(
        joined(
          [
            words`imported ${plural(imported.length, 'task')}`,
            ...(commands.length > 0 ? [words`with ${plural(commands.length, 'command')}`] : []),
            ...(skipped.length > 0 ? [words`skipped ${skipped.length}`] : []),
          ],
          ', ',
        ),
      ),
      ...commandLines(commands),
      ...skipped.map((id) => textLine(words`  skipped ${plainName(id)}: it already exists`)),
    ]);
    return EXIT.ok;
  },
};

export const exportTasks: Verb = {
  name: 'export',
  form: '[id...]',
  about: 'print tasks with their history, or as a breakdown',
  examples: [
    'taskglass ledger export > tasks.json',
    'taskglass ledger export --format breakdown > task-breakdown.json',
  ],
  options: [
    {
      flags: '--format <word>',
      about: `the output format: ${FORMATS.join(', ')}`,
      byDefault: 'json',
      ...oneOf(FORMATS),
    },
  ],
  async run({ args: ids, options, openLedger, io }) {
    const ledger = await openLedger();
    for (const id of ids) await ledger.get(id); // throws if there is no such task
    const transfer = await ledger.exportTasks(ids.length === 0 ? {} : { ids });
    const { breakdownFromTransfer, encodeTransfer } = await loadFormats();
    const text =
      options.format === 'breakdown'
        ? jsonText(breakdownFromTransfer(transfer, io.clock.now()))
        : taskLines(encodeTransfer(transfer));
    printData(io, text);
    return EXIT.ok;
  },
};

/** Loads the code that reads and writes documents, which no other verb needs. */
async function loadFormats() {
  const [breakdown, transfer] = await Promise.all([
    import('./breakdown.ts'),
    import('../../../ledger/transfer-format.ts'),
  ]);
  return { ...breakdown, ...transfer };
}

/** Writes one task per line: half the length of indented JSON, and easy to compare. */
function taskLines({ tasks, ...head }: Readonly<Record<string, unknown>>): string {
  const lines = (tasks as readonly unknown[]).map((task) => `\n${jsonText(task, 0)}`);
  return `${jsonText(head, 0).slice(0, -1)},"tasks":[${lines.join(',')}\n]}`;
}

async function readTransfer(document: unknown, file: string, nowMs: number): Promise<LedgerTransfer> {
  const { taskBreakdownRank } = await import('../../../sources/task-breakdown/format.ts');
  const { decodeTransfer, transferFromBreakdown } = await loadFormats();
  const object = jsonObject(document);
  if (object?.format === LEDGER_FORMAT) return decodeTransfer(document);
  if (object && !isLedgerDocument(object) && taskBreakdownRank(object) > 0)
    return transferFromBreakdown(document, nowMs);
  throw refusal(
    `${file === '-' ? 'standard input' : file} is neither an export of a ledger nor a task breakdown`,
    'to register definitions, use taskglass ledger register',
  );
}
