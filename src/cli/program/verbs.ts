import type { Command } from 'commander';
import { noVerb } from '../command-line.ts';
import { EXIT, refuse } from '../process/exit.ts';
import type { Caller } from './caller.ts';

export function addLedger(program: Command, { io, finish }: Caller): void {
  withVerbs(program, 'ledger')
    .description('tasks and their completion in SQLite; taskglass ledger --help lists the verbs')
    .action(async (words: string[]) => {
      const { runLedger } = await import('../commands/ledger.ts');
      finish(await runLedger(words, io));
    });
}

export function addTask(program: Command, { io, finish }: Caller): void {
  withVerbs(program, 'task')
    .description('report on tasks from inside a session: queue, update, add, list, show; task --help')
    .action(async (words: string[]) => {
      const { runTask } = await import('../commands/task.ts');
      finish(await runTask(words, io));
    });
}

export function addConfig(program: Command, { io, finish }: Caller): void {
  const config = program
    .command('config')
    .description('show the configuration, and where each value comes from')
    .enablePositionalOptions()
    .option('--json', 'as a JSON document')
    .option('--config <file>', 'read this configuration file')
    .action(async (options) => {
      const { runConfig } = await import('../commands/config.ts');
      finish(await runConfig(options, io));
    });

  config
    .command('history')
    .description('what is remembered of earlier runs for the ETAs, and how well those have held')
    .option('--json', 'as a JSON document')
    .option('--prune', 'remove what ended more than a year ago')
    .option('--forget [job]', 'forget a job, by its number or name')
    .option('--all', 'with --forget: forget every job')
    .action(async (options) => {
      const { runConfigHistory } = await import('../commands/config-history.ts');
      finish(await runConfigHistory(options, io));
    });
}

export function addEta(program: Command, { io, finish }: Caller): void {
  const eta = program
    .command('eta')
    .description('how good the ETAs are: eta bench DIR')
    .usage('bench DIR…')
    .enablePositionalOptions()
    .allowExcessArguments()
    .action((_options, { args: [word] }: Command) => {
      finish(refuse(io, noVerb('eta', word, 'bench'), EXIT.usage));
    });

  eta
    .command('bench <dir...>')
    .description('replay recorded runs (taskglass record), beside the rule of three')
    .option('--json', 'as a JSON document, job by job')
    .action(async (directories: string[], options) => {
      const { runEtaBench } = await import('../commands/eta.ts');
      finish(await runEtaBench(directories, options, io));
    });
}

/** Its options are its verbs': whatever stands behind it goes there as it is. */
function withVerbs(program: Command, name: string): Command {
  return program.command(`${name} [verb...]`).helpOption(false).allowUnknownOption().passThroughOptions();
}
