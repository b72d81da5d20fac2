import type { Io } from '../io/io.ts';

/**
 * A command of the command line, or one of its verbs: how it is typed, what its help says, and what it does.
 *
 * The value costs nothing to load: `run` imports what it needs. The parser, every help page and `docs/cli.md` are made from
 * it.
 */
export interface CliCommand<Options extends object = object> {
  readonly name: string;
  /** Its arguments as commander takes them: `<id> [source...]`. */
  readonly form?: string;
  /** Explains arguments whose name is not enough. */
  readonly argumentsAbout?: Readonly<Record<string, string>>;
  /** What a shell offers for arguments whose name does not say it; applies to its verbs' arguments as well. */
  readonly argumentsTake?: Readonly<Record<string, readonly ValueKind[]>>;
  /** What follows the name in the usage line, unless it is the options and the form. */
  readonly usage?: string;
  /** What it does, beginning with a verb and without a full stop: for the list of commands and the top of its own help. */
  readonly about: string;
  /** Text for its own help, below the options. */
  readonly notes?: string;
  /** Command lines to copy; each works. */
  readonly examples: readonly string[];
  readonly options?: readonly CliOption[];
  /** Loaded only if a verb or its help is asked for. If there is no `run`, the options are those of its verbs as well. */
  readonly verbs?: () => Promise<CommandGroups>;
  /** Whether lists of commands leave it out. */
  readonly isHidden?: boolean;
  /** Whether options after the first argument belong to that argument: the command that `run` runs. */
  readonly passesOptionsOn?: boolean;
  /** Whether the exit code is that of `run`, even after a signal. */
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
  /** What a shell offers for its value, if the placeholder in the brackets does not say it. */
  readonly takes?: readonly ValueKind[];
  /** What applies if the option is not given, in words. */
  readonly byDefault?: string;
  /** Whether an environment variable sets it: `TASKGLASS_JSON` for `--json`. Settings always have one. */
  readonly hasVariable?: boolean;
  readonly isRequired?: boolean;
  /** Whether it may be given several times; its value is then a list. */
  readonly isRepeatable?: boolean;
  /** Whether help leaves it out. */
  readonly isHidden?: boolean;
  /** Reads one value, given the result of the earlier ones. May throw commander's `InvalidArgumentError`. */
  parse?(text: string, before: unknown, io: Io): unknown;
}

/**
 * What an argument or an option's value can be, so that a shell can complete it: one of some words, or something that is
 * looked up. `task` is any task that is shown, `command` a command of taskglass.
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
  /** In the order of the form. */
  readonly args: readonly string[];
  /** As given on the command line, by name. */
  readonly options: Options;
  readonly io: Io;
  readonly program: CliProgram;
}

/** The program that a command belongs to. */
export interface CliProgram {
  /** The names of its commands, except the hidden ones. */
  readonly commandNames: readonly string[];
  /** Including the hidden ones. */
  readonly commands: readonly CliCommand[];
  /** Runs another command line in place of this one. Resolves with the exit code. */
  run(argv: readonly string[]): Promise<number>;
}
