/**
 * The public names of taskglass as a library. What draws is in `taskglass/react`, what signs and speaks to relays in
 * `taskglass/nostr`: this loads neither.
 */
export { type Clock, createFakeClock, systemClock } from './clock.ts';
export { createEstimator } from './eta/create-estimator.ts';
export type {
  EarlierRun,
  Estimate,
  EstimateBasis,
  Estimator,
  ProgressUpdate,
  ToldUpdate,
} from './eta/estimator.ts';
export type { ShownEstimate } from './eta/shown-estimate.ts';
export type { DefinitionInput } from './ledger/format.ts';
export type { HistoryEntry } from './ledger/history-entry.ts';
export { LedgerError, type LedgerErrorCode } from './ledger/ledger-error.ts';
export { migrateLedger } from './ledger/open.ts';
export type { MoveOptions, TaskChange, TaskTrackingOptions } from './ledger/options.ts';
export type { ActionContext, ActionFunction } from './ledger/run-action.ts';
export { TaskTrackingService } from './ledger/service.ts';
export type { LedgerTransfer, TaskDefinition, TaskQuery, TaskRecord, TaskRun } from './ledger/types.ts';
export type { CommandName, CommandOffer, CommandResult, CommandStage } from './model/command.ts';
export {
  type DashboardState,
  DashboardStateSchema,
  type TaskProgress,
  TaskProgressSchema,
  type TaskStep,
  TaskStepSchema,
} from './model/dashboard-state.ts';
export { SnapshotDocument, SourceDocument, StreamLine, TaskDocument } from './model/document.ts';
export type { Peer, SourceEvent, SourceStatus } from './model/event.ts';
export { type SourceId, sourceId, type TaskId, taskId } from './model/id.ts';
export { type Problem, type ProblemKind, problem } from './model/problem.ts';
export { overallProgress } from './model/progress.ts';
export type { Note, Session, Step, StepStatus, Task, TaskState, TaskStatus } from './model/task.ts';
export { joined, type Plain, type PlainText, plainName, plainText, words } from './model/text.ts';
export { createMonitor, type Monitor } from './monitor.ts';
export type { Signer } from './nostr/signer.ts';
export { NotificationDocument } from './notify/document-schema.ts';
export { createAguiSink } from './publish/agui/sink.ts';
export {
  DashboardStateEmitter,
  MAX_ACTIVE_TASKS,
  TASK_RETENTION_MS,
} from './publish/dashboard-state/emitter.ts';
export type { DashboardStateEmitterOptions } from './publish/dashboard-state/emitter-options.ts';
export { createFileSink } from './publish/dashboard-state/file-sink.ts';
export { createStateFileReporter } from './publish/dashboard-state/reporter.ts';
export type { JobInput, JobRequest } from './publish/nostr/tracker/request.ts';
export { type JobState, JobStateError } from './publish/nostr/tracker/states.ts';
export type { ProgressDetails, TrackedJob } from './publish/nostr/tracker/tracked-job.ts';
export type { TaskStatusTracker, TaskStatusTrackerOptions } from './publish/nostr/tracker.ts';
export { createCombinedReporter, type Report, type Reporter, type WorkToReport } from './publish/report.ts';
export type { Sink } from './publish/sink-feed.ts';
export { type Tracking, type TrackOptions, track } from './publish/track.ts';
export { createRelay } from './relay/on-demand.ts';
export { openSession } from './session/on-demand.ts';
export type { OpenedSession, OpenSessionOptions, TaskWithEta } from './session/open-session.ts';
export { SessionError } from './session/session-error.ts';
export { createAguiSource } from './sources/agui/on-demand.ts';
export { createAttachedSource } from './sources/attach/on-demand.ts';
export { createDashboardStateSource } from './sources/dashboard-state/on-demand.ts';
export { createMemorySource, type MemorySource } from './sources/kit/memory.ts';
export type { CommandContext, CommandHandler, Source, SourceKind } from './sources/kit/source.ts';
export { createNostrSource } from './sources/nostr/on-demand.ts';
export {
  createBoardSource,
  createMaestroDirectorySource,
  createMaestroServerSource,
} from './sources/sessions/on-demand.ts';
export { TaskBreakdown } from './sources/task-breakdown/breakdown.ts';
export { createTaskBreakdownSource } from './sources/task-breakdown/on-demand.ts';
export {
  type BreakdownTools,
  createBreakdownTools,
  type ToolDefinition,
  type ToolResult,
} from './sources/task-breakdown/tools.ts';
export { createStore, type Store } from './store/store.ts';
