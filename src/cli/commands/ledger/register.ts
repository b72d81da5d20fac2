import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Io } from '../../../io/io.ts';
import { say } from '../../../io/print.ts';
import { isLedgerExport } from '../../../ledger/document.ts';
import type { DefinitionInput } from '../../../ledger/format.ts';
import { commandsOf } from '../../../ledger/task-commands.ts';
import type { TaskRecord } from '../../../ledger/types.ts';
import { jsonObject } from '../../../model/json.ts';
import { shellWord } from '../../../model/shell-word.ts';
import { plainName, words } from '../../../model/text.ts';
import { plural } from '../../../present/count.ts';
import { complain, EXIT } from '../../process/exit.ts';
import { readJsonInput } from './json-input.ts';
import { taskTable } from './list-tasks.ts';
import { DEFINITION_OPTIONS, LABEL, PRIORITY } from './options.ts';
import { refusal } from './refusal.ts';
import { commandLine } from './task-commands.ts';
import { taskDocument } from './task-document.ts';
import type { Verb } from './verb.ts';

export const register: Verb = {
  name: 'register',
  form: '<file-or-id>',
  about: 'register tasks from a file (- for stdin), or one by id',
  examples: [
    'taskglass ledger register tasks.json',
    'taskglass ledger register fetch --verify "test -s data.csv"',
    'taskglass ledger register pack --depends-on fetch --priority 2 --job nightly',
  ],
  mayCreate: true,
  hints: { 'missing-dependency': words`register these first, or together with it, or use --allow-missing` },
  options: [
    { flags: '--name <text>', about: 'its name', byDefault: 'its id' },
    ...DEFINITION_OPTIONS,
    PRIORITY,
    {
      flags: '--depends-on <id>',
      about: 'a task that must be completed first',
      isRepeatable: true,
    },
    { flags: '--step <name>', about: 'one of its steps', isRepeatable: true },
    { flags: '--verify <command>', about: 'a command that succeeds only if the task is really done' },
    { flags: '--rollback <command>', about: 'a command to run when the task fails' },
    LABEL,
    { flags: '--replace', about: 'redefine tasks that are already registered' },
    { flags: '--allow-missing', about: 'allow dependencies to be registered later' },
  ],
  async run({ args: [word = ''], options, openLedger, print, io }) {
    const { replace = false, allowMissing = false, ...fields } = options;
    const input = isFile(word, io) ? await readDefinitions(word, io) : definitionOf(word, fields);
    const ledger = await openLedger();
    const records = await ledger.register(input as DefinitionInput, {
      replace: replace === true,
      allowMissing: allowMissing === true,
    });
    print(records.map(taskDocument), (page) => taskTable(records, page));
    if (isFile(word, io) && io.stderr.isTTY) tellCommands(records, io);
    if (records.length === 0)
      complain(io, {
        message: plainName(`register: ${word} has no definitions`),
        hint: words`taskglass ledger template writes a sample`,
      });
    return EXIT.ok;
  },
};

function isFile(word: string, { cwd }: Io): boolean {
  return word === '-' || word.endsWith('.json') || (word !== '' && existsSync(path.resolve(cwd, word)));
}

/** Prints the commands that a file has registered, because somebody else may have written them. */
function tellCommands(records: readonly TaskRecord[], io: Io): void {
  const commands = records.flatMap(({ definition }) => commandsOf(definition));
  if (commands.length === 0) return;
  say(io, words`taskglass: register: ${plural(commands.length, 'command')} registered:`);
  for (const command of commands) say(io, words`  ${plainName(command.task)}: ${commandLine(command)}`);
}

/** Reads definitions. Refuses an export, because it contains more than definitions, and registering would lose the rest. */
async function readDefinitions(file: string, io: Io): Promise<unknown> {
  const document = await readJsonInput(file, io);
  if (isLedgerExport(jsonObject(document) ?? {}))
    throw refusal(`${file} is an export of a ledger`, `taskglass ledger import ${shellWord(file)}`);
  return document;
}

/** Returns the options as a definition file would express them. */
function definitionOf(id: string, options: Readonly<Record<string, unknown>>): unknown {
  const { dependsOn, step, verify, label, ...same } = options;
  return { id, name: id, ...same, dependencies: dependsOn, steps: step, verification: verify, labels: label };
}
