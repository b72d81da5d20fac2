import type { Command } from 'commander';
import { ownWords, plainName } from '../../model/text.ts';
import { EXIT, refuse } from '../process/exit.ts';
import type { Caller } from './caller.ts';
import { addSessionOptions, addViewOptions, addWaitOption } from './options.ts';

export function addDemo(program: Command, { io, finish }: Caller): void {
  addViewOptions(program.command('demo'))
    .description('the live view over an embedded relay and real workers on this machine')
    .action(async (options) => {
      const { runDemo } = await import('../commands/demo.ts');
      finish(await runDemo(options, io));
    });

  program.command('demo-worker <name>', { hidden: true }).action(async (name: string) => {
    const { runDemoWorker } = await import('../../demo/worker.ts');
    const isThere = await runDemoWorker(name, io);
    const unknown = { message: ownWords(`demo-worker: there is no ${plainName(name)}`) };
    finish(isThere ? EXIT.ok : refuse(io, unknown, EXIT.usage));
  });
}

export function addSend(program: Command, { io, finish }: Caller): void {
  addWaitOption(addSessionOptions(program.command('send <command> <id> [source...]')))
    .description(
      'ask for cancel or retry as the keys do; ends when the source reports it (0) or after 10 s (1)',
    )
    .action(async (command: string, id: string, sources: string[], options) => {
      const { runSend } = await import('../commands/send.ts');
      finish(await runSend(command, id, sources, options, io));
    });
}

export function addWait(program: Command, { io, finish }: Caller): void {
  addWaitOption(addSessionOptions(program.command('wait [id-or-source...]')))
    .description('block until the tasks end: 0 completed, 4 one failed, 5 one was cancelled, 124 time is up')
    .option('--timeout <s>', 'seconds to wait, at most')
    .action(async (words: string[], options) => {
      const { runWait } = await import('../commands/wait.ts');
      finish(await runWait(words, options, io));
    });
}

export function addServe(program: Command, { io, finish }: Caller): void {
  addSessionOptions(program.command('serve [source...]'))
    .description('show what this taskglass sees to others: taskglass http://… here, or through ssh -L')
    .option('--port <n>', 'listen on this port of 127.0.0.1 (4747), 0 for any free one')
    .option('--open', 'let every user of this machine read without the token')
    .option('--read-only', 'take no commands')
    .option('--filter <expr>', 'show only what matches')
    .action(async (sources: string[], options) => {
      const { runServe } = await import('../commands/serve.ts');
      finish(await runServe(sources, options, io));
    });
}

export function addRecord(program: Command, { io, finish }: Caller): void {
  addWaitOption(addSessionOptions(program.command('record [source...]')))
    .description('write each task that completes as a trace, to try ETAs on (taskglass eta bench)')
    .requiredOption('--out <dir>', 'the directory to write to')
    .option('--anonymous', 'with hashes for the names of tasks and steps')
    .option('--once', 'write down what has completed already, and exit')
    .action(async (sources: string[], options) => {
      const { runRecord } = await import('../commands/record.ts');
      finish(await runRecord(sources, options, io));
    });
}
