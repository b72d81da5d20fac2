import type { ChildProcess } from 'node:child_process';
import { constants } from 'node:os';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { signalGroup } from '../io/process-group.ts';
import type { PseudoTerminal } from '../io/pseudo-terminal.ts';
import { type SpawnedCommand, spawnCommand } from '../io/spawn-command.ts';
import { isStartable } from './startable.ts';

/** How a command has ended, as wait(2) reports it. */
export interface WaitStatus {
  readonly exitCode: number | null;
  readonly signal: number | null;
}

/** A command in a session of its own. */
export interface SessionChild {
  readonly pid: number;
  readonly ended: Promise<WaitStatus>;
  /** Whether its terminal and the command itself can stop it; if not, only SIGSTOP can, which gives it no chance to tidy up. */
  readonly hasJobControl: boolean;
  /** Continues the command, and tells it that the size may have changed, because somebody else has drawn on the screen. */
  goOn(): void;
  /** Calls `listener` whenever the command has been stopped. */
  onStop(listener: () => void): void;
}

/**
 * Leads the command's session: opens the terminal, which thereby becomes the session's, starts the command there in a
 * foreground process group of its own, and reports how it ends or is stopped. Without a leader in another group of its session,
 * the system would not let the terminal stop the command. Its arguments are the terminal, the descriptor to report to,
 * variables that the command gets and the leader does not, and, after `--`, the command.
 */
const LEADER = `
use strict;
my ($path, $fd) = splice @ARGV, 0, 2;
my %own;
while ((my $next = shift) ne '--') { my ($name, $value) = split /=/, $next, 2; $own{$name} = $value }
delete $ENV{PERL_BADLANG};
$ENV{$_} = $own{$_} for keys %own;
open(my $report, '>&=', $fd) or exit 126;
fcntl($report, 2, 1);
select($report); $| = 1;
my $TIOCSPGRP = $^O eq 'linux' ? 0x5410 : 0x80047476;
$SIG{TTOU} = 'IGNORE';
open(my $terminal, '+<', $path) or do { print "error " . ($! + 0) . "\\n"; exit 126 };
my $child = fork;
if (!defined $child) { print "error " . ($! + 0) . "\\n"; exit 126 }
if ($child == 0) {
  setpgrp(0, 0);
  my $group = pack 'i', $$;
  ioctl($terminal, $TIOCSPGRP, $group);
  $SIG{TTOU} = 'DEFAULT';
  no warnings;
  exec { $ARGV[0] } @ARGV;
  print "error " . ($! + 0) . "\\n";
  exit 126;
}
setpgrp($child, $child);
my $group = pack 'i', $child;
ioctl($terminal, $TIOCSPGRP, $group);
$SIG{HUP} = sub { kill 'HUP', -$child };
$SIG{CONT} = sub { kill 'CONT', -$child; kill 'WINCH', -$child };
print "pid $child\\n";
while (waitpid($child, 2) == $child) {
  if ($? == 0 && (kill(0, $child) || $! == 1)) { print "stopped\\n"; next }
  print "ended $?\\n";
  last;
}
`;

/** Variables with which Perl itself is configured. */
const OF_PERL = ['PERL5OPT', 'PERL5DB', 'PERL_BADLANG', 'PERLIO', 'PERL_UNICODE', 'PERL_SIGNALS'];

/** Starts a command in a session of its own, whose terminal is `terminal`. Rejects if it cannot be started. */
export async function startInSession(
  terminal: PseudoTerminal,
  command: Omit<SpawnedCommand, 'further' | 'isLeader'> & {
    readonly cwd: string;
    readonly descriptors: readonly number[];
  },
): Promise<SessionChild> {
  return (await startLed(terminal, command)) ?? startUnled(terminal, command);
}

type Options = Parameters<typeof startInSession>[1];

/** Resolves with null if there is no Perl. */
async function startLed(
  terminal: PseudoTerminal,
  { descriptors, ...command }: Options,
): Promise<SessionChild | null> {
  // If the system's own master is not closed by exec, this takes its place in the command.
  const reportFd = descriptors.includes(terminal.masterFd) ? Math.max(...descriptors) + 1 : terminal.masterFd;
  const own = OF_PERL.filter((name) => command.env[name] !== undefined);
  const env: Record<string, string | undefined> = { ...command.env, PERL_BADLANG: '0' };
  for (const name of OF_PERL.slice(0, 2).concat(OF_PERL.slice(3))) delete env[name];
  const variables = own.map((name) => `${name}=${command.env[name]}`);
  const leader = spawnCommand({
    ...command,
    words: ['perl', '-e', LEADER, terminal.path, `${reportFd}`, ...variables, '--', ...command.words],
    env,
    further: new Map<number, number | 'pipe'>([
      ...descriptors.map((fd) => [fd, fd] as const),
      [reportFd, 'pipe'],
    ]),
    isLeader: true,
  });
  if (leader instanceof Error) throw leader;
  const reports = leader.stdio[reportFd] as Readable | null;
  if (!reports) return null;
  return readReports(leader, reports);
}

function readReports(leader: ChildProcess, reports: Readable): Promise<SessionChild | null> {
  const ended = Promise.withResolvers<WaitStatus>();
  ended.promise.catch(() => {});
  const listeners: (() => void)[] = [];
  return new Promise((resolve, reject) => {
    leader.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT' && error.path === 'perl') resolve(null);
      else reject(error);
    });
    leader.once('exit', (_code, signal) => {
      // Only if somebody ended the leader: otherwise it reports how the command ended before it ends itself.
      const tell = () => {
        ended.resolve({ exitCode: null, signal: signal && constants.signals[signal] });
        reject(new Error('its session has ended'));
      };
      if (reports.closed) tell();
      else reports.once('close', tell);
    });
    createInterface(reports).on('line', (line) => {
      const [word, text] = line.split(' ');
      const number = Number(text);
      if (word === 'error') {
        const error = systemError(number);
        ended.reject(error);
        reject(error);
      } else if (word === 'pid') {
        // The command's own refusal may still be on its way.
        resolve({
          pid: number,
          ended: ended.promise,
          hasJobControl: true,
          // Within its own session, the leader may also continue a command that runs as another user, as under `sudo`.
          goOn: () => void leader.kill('SIGCONT'),
          onStop: (listener) => void listeners.push(listener),
        });
      } else if (word === 'stopped') {
        for (const listener of listeners) listener();
      } else ended.resolve(decodeStatus(number));
    });
  });
}

function decodeStatus(status: number): WaitStatus {
  const signal = status & 0x7f;
  return signal ? { exitCode: null, signal } : { exitCode: (status >> 8) & 0xff, signal: null };
}

function systemError(number: number): NodeJS.ErrnoException {
  const [code = `error ${number}`] =
    Object.entries(constants.errno).find(([, value]) => value === number) ?? [];
  return Object.assign(new Error(code), { code, errno: number });
}

/** Opening the terminal makes it the session's here too; the shell then becomes the command. */
const UNLED = ': <> "$0" && exec "$@"';

async function startUnled(
  terminal: PseudoTerminal,
  { descriptors, ...command }: Options,
): Promise<SessionChild> {
  const child = spawnCommand({
    ...command,
    // A command that cannot be started fails with the system's own reason.
    words: isStartable(command.words[0] ?? '', command)
      ? ['/bin/sh', '-c', UNLED, terminal.path, ...command.words]
      : command.words,
    further: new Map(descriptors.map((fd) => [fd, fd])),
    isLeader: true,
  });
  if (child instanceof Error) throw child;
  const ended = new Promise<WaitStatus>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (exitCode, signal) =>
      resolve({ exitCode, signal: signal && constants.signals[signal] }),
    );
  });
  ended.catch(() => {});
  const goOn = () => {
    signalGroup(child.pid, 'SIGCONT');
    signalGroup(child.pid, 'SIGWINCH');
  };
  return { pid: child.pid ?? 0, ended, hasJobControl: false, goOn, onStop() {} };
}
