import { Command } from 'commander';
import { SORT_KEYS } from '../store/select.ts';
import { noVerb, parseArguments, speakingTo } from './command-line.ts';
import { EXIT, refuse, signalExit } from './exit.ts';
import type { Io } from './io.ts';

/** Reads the command line, runs what it asks for, and tells the exit code. Each command's code is loaded when it runs. */
export async function runProgram(argv: readonly string[], io: Io): Promise<number> {
  let code: number = EXIT.ok;
  const finishAs: Finish = (result) => {
    code = result;
  };
  /** Whatever it was doing: a command that a signal ended says so. */
  const finish: Finish = (result) => finishAs(io.signal.aborted ? signalExit(io.signal.reason) : result);
  const program = createProgram(io, { finish, finishAs });
  return (await parseArguments(program, argv, io)) ?? code;
}

/** What a command tells of itself is its exit code. */
type Finish = (code: number) => void;

function createProgram(io: Io, { finish, finishAs }: Record<'finish' | 'finishAs', Finish>): Command {
  const program = speakingTo(io, new Command('taskglass'))
    .description('One live terminal view of everything long-running: relays, state files, task lists.')
    .enablePositionalOptions()
    .option('-V, --version', 'show the version')
    .argument(
      '[source...]',
      'relay (wss://…), .json, .ndjson, .db or .sqlite file, directory, maestro:URL-or-DIR, agui:URL, http:// (another taskglass), or - for standard input',
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

  addViewOptions(program.command('demo'))
    .description('the live view over an embedded relay and real workers on this machine')
    .action(async (options) => {
      const { runDemo } = await import('./commands/demo.ts');
      finish(await runDemo(options, io));
    });

  program.command('demo-worker <name>', { hidden: true }).action(async (name: string) => {
    const { runDemoWorker } = await import('./commands/demo/worker.ts');
    finish(await runDemoWorker(name, io));
  });

  program
    .command('run [command...]')
    .description("run a command as a task that can be watched and cancelled; its exit code is the command's")
    .usage('[options] -- CMD …')
    .option('--name <text>', 'what to call it (the command itself)')
    .option('--to <target>', 'publish to a .json state file, a ledger (.db) or a relay (repeatable)', collect)
    .option('--quiet', "keep the command's output to ourselves")
    .option('--progress-pattern <regex>', 'find progress by this: (percent), or (n) and (m)')
    .option('--stay', 'after a failure stay, so that it can be retried')
    .option('--config <file>', 'read this configuration file')
    .passThroughOptions()
    .action(async (words: string[], options) => {
      const { runRun } = await import('./commands/run.ts');
      finishAs(await runRun(words, options, io));
    });

  addWaitOption(addSessionOptions(program.command('send <command> <id> [source...]')))
    .description(
      'ask for cancel or retry as the keys do; ends when the source reports it (0) or after 10 s (1)',
    )
    .action(async (command: string, id: string, sources: string[], options) => {
      const { runSend } = await import('./commands/send.ts');
      finish(await runSend(command, id, sources, options, io));
    });

  addWaitOption(addSessionOptions(program.command('wait [id-or-source...]')))
    .description('block until the tasks end: 0 completed, 4 one failed, 5 one was cancelled, 124 time is up')
    .option('--timeout <s>', 'seconds to wait, at most')
    .action(async (words: string[], options) => {
      const { runWait } = await import('./commands/wait.ts');
      finish(await runWait(words, options, io));
    });

  addSessionOptions(program.command('serve [source...]'))
    .description('show what this taskglass sees to others: taskglass http://… here, or through ssh -L')
    .option('--port <n>', 'listen on this port of 127.0.0.1 (4747), 0 for any free one')
    .option('--read-only', 'take no commands')
    .option('--filter <expr>', 'show only what matches')
    .action(async (sources: string[], options) => {
      const { runServe } = await import('./commands/serve.ts');
      finish(await runServe(sources, options, io));
    });

  // Its options are its verbs': whatever stands behind it goes there as it is.
  program
    .command('ledger [verb...]')
    .description('tasks and their completion in SQLite; taskglass ledger --help lists the verbs')
    .helpOption(false)
    .allowUnknownOption()
    .passThroughOptions()
    .action(async (words: string[]) => {
      const { runLedger } = await import('./commands/ledger.ts');
      finish(await runLedger(words, io));
    });

  program
    .command('publish [source...]')
    .description('sign what the sources say as NIP-90 jobs on relays, so that one view shows many machines')
    .option('--to <relay>', 'publish to this relay (repeatable)', collect)
    .option('--private <npub|hex>', 'encrypt it for this reader (NIP-44, repeatable)', collect)
    .option('--allow <npub|hex>', "obey this key's cancellations (repeatable)", collect)
    .option('--as <name>', 'what to call this machine (its host name)')
    .option('--read-only', 'obey no cancellations')
    .option('--filter <expr>', 'publish only what matches')
    .option('--config <file>', 'read this configuration file')
    .action(async (sources: string[], options) => {
      const { runPublish } = await import('./commands/publish.ts');
      finish(await runPublish(sources, options, io));
    });

  program
    .command('task [verb...]')
    .description('report on tasks from inside a session: queue, update, add, list, show; task --help')
    .helpOption(false)
    .allowUnknownOption()
    .passThroughOptions()
    .action(async (words: string[]) => {
      const { runTask } = await import('./commands/task.ts');
      finish(await runTask(words, io));
    });

  program
    .command('relay')
    .description('an embedded relay for a machine or a LAN')
    .option('--port <n>', 'listen on this port (a free one by default)')
    .option('--host <address>', 'listen on this address', '127.0.0.1')
    .action(async (options) => {
      const { runRelayCommand } = await import('./commands/relay.ts');
      finish(await runRelayCommand(options, io));
    });

  program
    .command('key <verb>')
    .description('the signing key: new, import (from standard input), show')
    .option('--file <path>', 'the NIP-49 key file')
    .action(async (verb: string, options) => {
      const { runKey } = await import('./commands/key.ts');
      finish(await runKey(verb, options, io));
    });

  const config = program
    .command('config')
    .description('show the configuration, and where each value comes from')
    .enablePositionalOptions()
    .option('--json', 'as a JSON document')
    .option('--config <file>', 'read this configuration file')
    .action(async (options) => {
      const { runConfig } = await import('./commands/config.ts');
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
      const { runConfigHistory } = await import('./commands/config-history.ts');
      finish(await runConfigHistory(options, io));
    });

  addWaitOption(addSessionOptions(program.command('record [source...]')))
    .description('write each task that completes as a trace, to try ETAs on (taskglass eta bench)')
    .requiredOption('--out <dir>', 'the directory to write to')
    .option('--anonymous', 'with hashes for the names of tasks and steps')
    .option('--once', 'write down what has completed already, and exit')
    .action(async (sources: string[], options) => {
      const { runRecord } = await import('./commands/record.ts');
      finish(await runRecord(sources, options, io));
    });

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
      const { runEtaBench } = await import('./commands/eta.ts');
      finish(await runEtaBench(directories, options, io));
    });

  return program;
}

/** An option that may be given several times. */
function collect(value: string, before: string[] = []): string[] {
  return [...before, value];
}

/** What every command takes that looks at tasks. Without defaults: those stand in the settings. */
function addSessionOptions(command: Command): Command {
  return command
    .option('--pubkey <npub|hex>', "watch this key's jobs, as requester or provider (repeatable)", collect)
    .option('--config <file>', 'read this configuration file');
}

/** What those take besides that need to know all tasks before they go on. */
function addWaitOption(command: Command): Command {
  return command.option('--wait <s>', 'seconds to wait for what the sources say first (5)');
}

function addViewOptions(command: Command): Command {
  return addWaitOption(addSessionOptions(command))
    .option('--once', 'print the state and exit')
    .option('--exit-status', 'with --once: exit 4 if a task failed, 5 if cancelled, 6 if one has not ended')
    .option('--json', 'print JSON: with --once a document, else a line for each change')
    .option('--plain', 'print plain lines (the default where stdout is no terminal)')
    .option('--read-only', 'send no commands')
    .option('--filter <expr>', 'show only what matches: words, status:failed, source:x, -word')
    .option('--sort <key>', `order by ${SORT_KEYS.join(', ')}`)
    .option('--stall-after <s>', 'seconds of silence before a running task counts as stalled (30)')
    .option('--no-color', 'draw without colours (also NO_COLOR)')
    .option('--ascii', 'draw with ASCII characters only')
    .option('--bell', 'ring when a task ends')
    .option('--fps <n>', 'frames a second, at most (30)');
}

async function printVersion(io: Io): Promise<number> {
  const { packageVersion } = await import('./version.ts');
  io.stdout.write(`${packageVersion()}\n`);
  return EXIT.ok;
}
