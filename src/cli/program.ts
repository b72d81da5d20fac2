import { Command } from 'commander';
import type { Io } from '../io/io.ts';
import { parseArguments, speakingTo } from './command-line.ts';
import { EXIT, refuse, signalExit } from './process/exit.ts';
import type { Caller } from './program/caller.ts';
import { addViewOptions } from './program/options.ts';
import { addKey, addPublish, addRelay, addRun } from './program/publishing.ts';
import { addConfig, addEta, addLedger, addTask } from './program/verbs.ts';
import { addDemo, addRecord, addSend, addServe, addWait } from './program/watching.ts';

/** In the order in which `--help` lists them. */
const COMMANDS = [
  addDemo,
  addRun,
  addSend,
  addWait,
  addServe,
  addLedger,
  addPublish,
  addTask,
  addRelay,
  addKey,
  addConfig,
  addRecord,
  addEta,
];

/** Reads the command line, runs what it asks for, and tells the exit code. Each command's code is loaded when it runs. */
export async function runProgram(argv: readonly string[], io: Io): Promise<number> {
  let code: number = EXIT.ok;
  const finishAs = (result: number) => {
    code = result;
  };
  const finish = (result: number) => finishAs(io.signal.aborted ? signalExit(io.signal.reason) : result);
  const program = createProgram({ io, finish, finishAs });
  return (await parseArguments(program, argv, io)) ?? code;
}

function createProgram(caller: Caller): Command {
  const { io, finish } = caller;
  const program = speakingTo(io, new Command('taskglass'))
    .description('One live terminal view of everything long-running: relays, state files, task lists.')
    .enablePositionalOptions()
    .option('-V, --version', 'show the version')
    .argument(
      '[source...]',
      'relay (wss://…), .json, .ndjson, .db or .sqlite file, directory, maestro:URL-or-DIR, agui:URL, agui+run:URL (starts a run), http:// (another taskglass), or - for standard input',
    );

  addViewOptions(program).action(async (sources: string[], options) => {
    const { version, ...rest } = options;
    if (version) return finish(await printVersion(io));
    const { mistypedCommand } = await import('./mistyped-command.ts');
    const mistyped = mistypedCommand(sources[0] ?? '', program, io.cwd);
    if (mistyped) return finish(refuse(io, mistyped, EXIT.usage));
    const { runView } = await import('./commands/view.ts');
    finish(await runView(sources, rest, io));
  });

  for (const add of COMMANDS) add(program, caller);
  return program;
}

async function printVersion(io: Io): Promise<number> {
  const { packageVersion } = await import('./process/version.ts');
  io.stdout.write(`${packageVersion()}\n`);
  return EXIT.ok;
}
