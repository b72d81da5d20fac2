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
  /** Where it reads: a path or address as the user gave it, with no secret in it. */
  readonly location: string;
  /**
   * What the source says, from the first snapshot until `signal` aborts, or until nothing more can come (the end of
   * standard input); then the iteration ends and everything opened for it is closed. Called once. Never throws for what
   * is outside: that is a `problem` event.
   */
  events(options: { signal: AbortSignal }): AsyncIterable<SourceEvent>;
  readonly commands: Readonly<Partial<Record<CommandName, CommandHandler>>>;
  /** Opens what the task `nativeId` has printed. Absent if the source knows nothing of the kind. Never rejects. */
  readonly log?: (nativeId: string, request: LogRequest) => Promise<OpenedLog>;
}

/**
 * Asks the source's back end for a change of the task `nativeId`, and resolves once it is on its way (not when it
 * is done: that the source reports). `report` tells the stages on the way.
 */
export type CommandHandler = (nativeId: string, context: CommandContext) => Promise<CommandResult>;

export interface CommandContext {
  readonly signal: AbortSignal;
  readonly report: (stage: CommandStage) => void;
  /** The status to set, for `setStatus`; the answer to the task's question, for `answer`. */
  readonly argument?: string;
}
