import type { CommandName, CommandResult, CommandStage } from '../../model/command.ts';
import type { SourceEvent } from '../../model/event.ts';
import type { SourceId } from '../../model/id.ts';
import type { LogRequest, OpenedLog } from '../../model/log.ts';

export const SOURCE_KINDS = [
  'nostr',
  'dashboard-state',
  'task-breakdown',
  'sessions',
  'ledger',
  'job-runs',
  'agui',
  'attach',
  'checklist',
  'task-master',
  'claude',
  'codex',
  'opencode',
  'gemini',
  'beads',
  'backlog',
  'feature-list',
  'github',
  'slurm',
  'pueue',
  'systemd',
  'exec',
  'memory',
] as const;
export type SourceKind = (typeof SOURCE_KINDS)[number];

/** Where tasks come from and where commands go. Copy `memory.ts` to write your own. */
export interface Source {
  readonly id: SourceId;
  readonly kind: SourceKind;
  /** Where it reads: a path or address as the user gave it, without secrets. */
  readonly location: string;
  /**
   * The source's events, from the first snapshot until `signal` aborts, or until nothing more can arrive (the end of standard
   * input); then the iteration ends, and everything opened for it is closed. Called once. Never throws because of the outside
   * world: that is a `problem` event.
   */
  events(options: { signal: AbortSignal }): AsyncIterable<SourceEvent>;
  readonly commands: Readonly<Partial<Record<CommandName, CommandHandler>>>;
  /** Opens the output of the task `nativeId`. Absent if the source has no output at all. Never rejects. */
  readonly log?: (nativeId: string, request: LogRequest) => Promise<OpenedLog>;
}

/**
 * Asks the source's back end to change the task `nativeId`, and resolves once the request is on its way (not when it has been
 * carried out: the source reports that). `report` is called with the stages on the way.
 */
export type CommandHandler = (nativeId: string, context: CommandContext) => Promise<CommandResult>;

export interface CommandContext {
  readonly signal: AbortSignal;
  readonly report: (stage: CommandStage) => void;
  /** The status to set, for `setStatus`; the answer to the task's question, for `answer`. */
  readonly argument?: string;
}
