import type { z } from 'zod';
import type { Estimate } from '../eta/estimator.ts';
import type { ShownEstimate } from '../eta/shown-estimate.ts';
import { detailsOf } from '../model/details.ts';
import type * as document from '../model/document.ts';
import type { TaskId } from '../model/id.ts';
import type { Problem } from '../model/problem.ts';
import { overallProgress } from '../model/progress.ts';
import { endedAtOf, hasEnded, type Step, type Task } from '../model/task.ts';
import type { PlainText } from '../model/text.ts';
import { selectCounts } from '../store/select.ts';
import { silenceOf } from '../store/stall.ts';
import type { SourceRecord, State, TaskEntry } from '../store/state.ts';
import { reasonText } from './reason.ts';

export type SnapshotDocument = z.infer<typeof document.SnapshotDocument>;
export type TaskDocument = z.infer<typeof document.TaskDocument>;
export type SourceDocument = z.infer<typeof document.SourceDocument>;
export type StreamLine = z.infer<typeof document.StreamLine>;

/** What is needed to turn a state into a document, in addition to the state itself. */
export interface DocumentContext {
  readonly nowMs: number;
  readonly stallAfterMs: number;
  /** With `--read-only`, only `dismiss` is offered. */
  readonly readOnly: boolean;
  readonly estimate: (id: TaskId, nowMs: number) => ShownEstimate | null;
  /** If others read the document: the machine that it describes, which is also that of each task that names none. */
  readonly host?: { readonly name: PlainText; of(task: Task): PlainText | null };
}

/** Returns everything that is known as one document, with the tasks of `entries` in their order. */
export function snapshotDocument(
  state: State,
  entries: readonly TaskEntry[],
  context: DocumentContext,
): SnapshotDocument {
  return {
    version: 1,
    generatedAt: context.nowMs,
    ...(context.host && { host: context.host.name }),
    sources: [...state.sources.values()].map(sourceDocument),
    counts: countsDocument(entries),
    tasks: entries.map((entry) => taskDocument(entry, context)),
  };
}

/** Counts tasks by status; those for review are also counted as completed. */
export function countsDocument(entries: readonly TaskEntry[]): SnapshotDocument['counts'] {
  return { ...selectCounts(entries), review: entries.filter(({ task }) => task.review).length };
}

export function sourceDocument(source: SourceRecord): SourceDocument {
  return {
    id: source.id,
    kind: source.kind,
    location: source.location,
    status: source.status,
    problem: problemDocument(source.problem),
    tasks: source.tasks.size,
    ...(source.peers.length === 0
      ? {}
      : { peers: source.peers.map((peer) => ({ ...peer, problem: problemDocument(peer.problem) })) }),
  };
}

export function taskDocument(entry: TaskEntry, context: DocumentContext): TaskDocument {
  const { task } = entry;
  return {
    id: task.id,
    source: task.source,
    nativeId: task.nativeId,
    name: task.name,
    status: task.state.status,
    reason: task.state.status === 'failed' ? null : reasonText(task),
    progress: overallProgress(task),
    steps: task.steps.map(stepDocument),
    startedAt: task.startedAt,
    updatedAt: task.updatedAt,
    endedAt: endedAtOf(task),
    eta: estimateDocument(task.state.status === 'running' ? context.estimate(task.id, context.nowMs) : null),
    stalled: silenceOf(entry, context.nowMs, context.stallAfterMs) !== null,
    attempts: task.attempts,
    pending: entry.pending?.command ?? null,
    error: task.state.status === 'failed' ? task.state.error : null,
    result: task.state.status === 'completed' ? task.state.result : null,
    priority: task.priority,
    dependencies: [...task.dependencies],
    ...detailsDocument(task),
    ...(context.host && { host: task.host ?? context.host.of(task) }),
    notes: task.notes.map((note) => ({ ...note })),
    sessions: task.sessions.map(({ id, status, updatedAt, notes }) => ({ id, status, updatedAt, notes })),
    labels: { ...task.labels },
    commands: commandsOf(task, context.readOnly),
  };
}

type DetailsDocument = Pick<TaskDocument, Exclude<keyof ReturnType<typeof detailsOf>, 'pid'>>;

/** Returns a task's details as a document, without the process id, which means nothing once the process is gone. */
function detailsDocument(task: Task): DetailsDocument {
  const { pid: _, waitsFor, blockedBy, question, ...details } = detailsOf(task);
  return {
    ...details,
    waitsFor: [...waitsFor],
    blockedBy: [...blockedBy],
    question: question && { ...question, choices: [...question.choices] },
  };
}

function stepDocument(step: Step): TaskDocument['steps'][number] {
  return { ...step, progress: stepFigure(step) };
}

/**
 * Returns the progress that a document shows: 100 if the step is completed or skipped, 0 if it went back to pending,
 * otherwise its own figure.
 */
function stepFigure({ status, progress }: Step): number | null {
  if (status === 'completed' || status === 'skipped') return 100;
  return status === 'pending' && progress !== null ? 0 : progress;
}

function estimateDocument(estimate: Estimate | null): TaskDocument['eta'] {
  if (!estimate) return null;
  return {
    remainingMs: Math.round(estimate.remainingMs),
    lowMs: Math.round(estimate.lowMs),
    highMs: Math.round(estimate.highMs),
    basis: estimate.basis,
  };
}

function commandsOf(task: Task, readOnly: boolean): TaskDocument['commands'] {
  const sendable = task.offers
    .filter((offer) => offer.refusal === null && !readOnly)
    .map((offer) => offer.command);
  return hasEnded(task.state.status) ? [...sendable, 'dismiss'] : sendable;
}

function problemDocument(problem: Problem | null): SourceDocument['problem'] {
  if (!problem) return null;
  const { kind, message, hint } = problem;
  return hint === undefined ? { kind, message } : { kind, message, hint };
}
