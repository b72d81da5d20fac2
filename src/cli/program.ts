import { Command } from 'commander';
import type { Io } from '../io/io.ts';
import { parseArguments, speakingTo } from './command-line.ts';
import { EXIT, refuse, signalExit } from './process/exit.ts';
import type { Caller } from './program/caller.ts';
import { addViewOptions } from './program/options.ts';
import { addKey, addPublish, addRelay, addRun } from './program/publishing.ts';
import { addConfig, addEta, addLedger, addTask } from './program/verbs.ts';
import { addDemo, addRecord, addSend, addServe, addWait } from './program/watching.ts';

/** What adds each command, in the order in which `--help` lists them. */
const COMMANDS = {
  demo: addDemo,
  run: addRun,
  send: addSend,
  wait: addWait,
  serve: addServe,
  ledger: addLedger,
  publish: addPublish,
  task: addTask,
  relay: addRelay,
  key: addKey,
  config: addConfig,
  record: addRecord,
  eta: addEta,
};
const COMMAND_NAMES = Object.keys(COMMANDS) as (keyof typeof COMMANDS)[];

/** Reads the command line, runs what it asks for, and tells the exit code. Each command's code is loaded when it runs. */
export async function runProgram(argv: readonly string[], io: Io): Promise<number> {
  let code: number = EXIT.ok;
  const finishAs = (result: number) => {
    code = result;
  };
  const finish = (result: number) => finishAs(io.signal.aborted ? signalExit(io.signal.reason) : result);
  const program = createProgram({ io, finish, finishAs }, neededFor(argv));
  return (await parseArguments(program, argv, io)) ?? code;
}

/** To make every command takes longer than most of them run: without a name of one, or a wish for help, none is made. */
function neededFor(argv: readonly string[]): readonly (keyof typeof COMMANDS)[] {
  const isAnyMeant = argv.some((word) => /^-\w*h|^--h|^demo-worker$/u.test(word));
  return isAnyMeant ? COMMAND_NAMES : COMMAND_NAMES.filter((name) => argv.includes(name));
}

function createProgram(caller: Caller, needed: readonly (keyof typeof COMMANDS)[]): Command {
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
    const mistyped = mistypedCommand(sources[0] ?? '', COMMAND_NAMES, io.cwd);
    if (mistyped) return finish(refuse(io, mistyped, EXIT.usage));
    const { runView } = await import('./commands/view.ts');
    finish(await runView(sources, rest, io));
  });

  for (const name of needed) COMMANDS[name](program, caller);
  return program;
}

async function printVersion(io: Io): Promise<number> {
  const { packageVersion } = await import('./process/version.ts');
  io.stdout.write(`${packageVersion()}\n`);
  return EXIT.ok;
}
