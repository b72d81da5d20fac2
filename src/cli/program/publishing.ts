import type { Command } from 'commander';
import { collect } from '../config/option-values.ts';
import type { Caller } from './caller.ts';

export function addRun(program: Command, { io, finishAs }: Caller): void {
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
      const { runRun } = await import('../commands/run.ts');
      finishAs(await runRun(words, options, io));
    });
}

export function addPublish(program: Command, { io, finish }: Caller): void {
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
      const { runPublish } = await import('../commands/publish.ts');
      finish(await runPublish(sources, options, io));
    });
}

export function addRelay(program: Command, { io, finish }: Caller): void {
  program
    .command('relay')
    .description('an embedded relay for a machine or a LAN')
    .option('--port <n>', 'listen on this port (a free one by default)')
    .option('--host <address>', 'listen on this address', '127.0.0.1')
    .option(
      '--allow-origin <origin>',
      'let web pages of this origin connect (repeatable; * for all)',
      collect,
    )
    .action(async (options) => {
      const { runRelayCommand } = await import('../commands/relay.ts');
      finish(await runRelayCommand(options, io));
    });
}

export function addKey(program: Command, { io, finish }: Caller): void {
  program
    .command('key <verb>')
    .description('the signing key: new, import (from standard input), show')
    .option('--file <path>', 'the NIP-49 key file')
    .action(async (verb: string, options) => {
      const { runKey } = await import('../commands/key.ts');
      finish(await runKey(verb, options, io));
    });
}
