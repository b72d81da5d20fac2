import type { Io } from '../io/io.ts';

/**
 * A command of the command line, or a verb of one: how it is typed, what its help says, and what it does.
 *
 * The value costs nothing to load: `run` imports what it needs. The parser, every help page and `docs/cli.md` are made
 * from it.
 */
export interface CliCommand<Options extends object = object> {
  readonly name: string;
  /** Its arguments as commander takes them: `<id> [source...]`. */
  readonly form?: string;
  /** What its arguments are, by name, if the name does not say it. */
  readonly argumentsAbout?: Readonly<Record<string, string>>;
  /** What a shell offers for its arguments, by name, if the name does not say it; for those of its verbs as well. */
  readonly argumentsTake?: Readonly<Record<string, readonly ValueKind[]>>;
  /** What stands behind the name in the usage line, if not the options and the form. */
  readonly usage?: string;
  /** What it does, from a verb on and without a full stop: for the list of commands and the top of its own help. */
  readonly about: string;
  /** Lines of its own help, below the options. */
  readonly notes?: string;
  /** Lines as they are typed; each works. */
  readonly examples: readonly string[];
  readonly options?: readonly CliOption[];
  /** Loaded only when one of them or their help is asked for. Without a `run`, the options are its verbs' as well. */
  readonly verbs?: () => Promise<CommandGroups>;
  /** Whether lists of commands leave it out. */
  readonly isHidden?: boolean;
  /** Whether options after the first argument are left to that: the command that `run` runs. */
  readonly passesOptionsOn?: boolean;
  /** Whether the exit code stays what `run` says, also after a signal. */
  readonly keepsExitCode?: boolean;
  /** Resolves with the exit code. */
  run?(call: CliCall<Options>): Promise<number>;
}

/** Commands by the heading below which help lists them. */
export type CommandGroups = Readonly<Record<string, readonly CliCommand[]>>;

export interface CliOption {
  /** As commander takes them: `--port <n>`. */
  readonly flags: string;
  readonly about: string;
  /** What a shell offers for its value, if what stands in the brackets does not say it. */
  readonly takes?: readonly ValueKind[];
  /** The value, in words, if it is not given. */
  readonly byDefault?: string;
  /** Whether a variable stands for it: `TASKGLASS_JSON` for `--json`. Settings have theirs without a word here. */
  readonly hasVariable?: boolean;
  readonly isRequired?: boolean;
  /** Whether it may be given several times; its value is then a list. */
  readonly isRepeatable?: boolean;
  /** Whether help leaves it out. */
  readonly isHidden?: boolean;
  /** Reads one value, given what came of earlier ones. May throw commander's `InvalidArgumentError`. */
  parse?(text: string, before: unknown, io: Io): unknown;
}

/**
 * What an argument or the value of an option can be, for a shell that completes it: one of some words, or something that is
 * looked for. `task` is any task that is shown, `command` one of ours.
 */
export type ValueKind =
  | { readonly words: readonly string[] }
  | 'task'
  | 'ledger-task'
  | 'board-task'
  | 'source'
  | 'file'
  | 'directory'
  | 'command';

/** One use of a command. */
export interface CliCall<Options extends object = object> {
  /** The arguments, in the order of the form. */
  readonly args: readonly string[];
  /** What stands on the command line, by name. */
  readonly options: Options;
  readonly io: Io;
  readonly program: CliProgram;
}

/** The program that a command belongs to. */
export interface CliProgram {
  /** The names of its commands, but for those that are hidden. */
  readonly commandNames: readonly string[];
  /** All its commands. */
  readonly commands: readonly CliCommand[];
  /** Runs another command line in place of this one. Resolves with the exit code. */
  run(argv: readonly string[]): Promise<number>;
}
