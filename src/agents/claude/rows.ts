import { basename } from 'node:path';
import type { Question } from '../../model/details.ts';
import { hasEnded, type Step, type TaskState, type TaskStatus } from '../../model/task.ts';
import { type PlainText, plainName, plainNameOrNull, words } from '../../model/text.ts';
import { decodeLabels, latestOf } from '../../sources/kit/decode-fields.ts';
import { BARE_DRAFT, type DraftDetails, type TaskDraft } from '../../sources/kit/task-draft.ts';
import type { ClaudeJob, ClaudeSession } from './format.ts';
import { jobState } from './job-state.ts';
import type { KeptJob } from './kept-job.ts';
import type { KeptList } from './kept-list.ts';
import { fanSteps, listSteps, ownersOf } from './steps.ts';

/** A list that changed within this time is being worked on, ms: a task takes some minutes. */
const RECENT_MS = 15 * 60_000;
/** How long it is shown if no session owns it. */
const LIST_SHOWN_MS = 24 * 60 * 60_000;

/** A background job whose state could be understood. */
export type ReadJob = KeptJob & { readonly state: { readonly value: ClaudeJob } };

/** Returns an interactive session as a task. */
export function sessionRow(session: ClaudeSession, nativeId: string, list: KeptList | null): TaskDraft {
  const state = sessionState(session);
  const isAsking = state.status === 'needs-input';
  return {
    ...BARE_DRAFT,
    nativeId,
    name: session.name ?? baseNameOf(session.cwd) ?? words`Claude ${session.pid}`,
    state,
    ...stepsOf(list === null ? [] : listSteps(list, state.status)),
    startedAt: session.startedAt,
    updatedAt: latestOf([session.updatedAt, session.statusUpdatedAt, changedAt(list), session.startedAt]),
    ...detailsOf({
      cwd: session.cwd,
      pid: session.pid,
      question:
        isAsking && state.reason !== null ? question(state.reason, null, session.statusUpdatedAt) : null,
    }),
    labels: decodeLabels([
      ['kind', session.kind],
      ['entrypoint', session.entrypoint === 'cli' ? null : session.entrypoint],
      ['version', session.version],
    ]),
    mayBeQuiet: true,
    raw: { session },
  };
}

function sessionState({ status, waitingFor }: ClaudeSession): TaskState {
  switch (status) {
    case 'busy':
      return { status: 'running', reason: null };
    case 'shell':
      return { status: 'running', reason: words`a shell command runs` };
    case 'waiting':
      return { status: 'needs-input', reason: waitingFor ?? words`it waits for you` };
    case 'idle':
      return { status: 'waiting', reason: words`idle` };
    default:
      return {
        status: 'waiting',
        reason: status ?? words`open; this version of Claude Code does not report what it does`,
      };
  }
}

/** Returns a background job as a task. `session` is its living process, if there is one. */
export function jobRow(
  { state: { value: job, modifiedAt }, timeline }: ReadJob,
  session: ClaudeSession | null,
  list: KeptList | null,
  nowMs: number,
): TaskDraft {
  const writtenAt = job.updatedAt ?? modifiedAt;
  const state = stateOfJob(job, session, nowMs - writtenAt, writtenAt);
  const isListed = list !== null && list.tasks.length > 0;
  const asked = state.status === 'needs-input' ? (job.needs ?? session?.waitingFor ?? null) : null;
  const askedAt = session?.status === 'waiting' ? session.statusUpdatedAt : writtenAt;
  return {
    ...BARE_DRAFT,
    nativeId: job.id,
    name: nameOfJob(job, session),
    state,
    ...(isListed ? stepsOf(listSteps(list, state.status)) : fanStepsOf(job, state.status)),
    startedAt: job.createdAt ?? session?.startedAt ?? null,
    updatedAt: latestOf([writtenAt, session?.statusUpdatedAt ?? null, changedAt(list)]),
    ...detailsOf({
      cwd: job.cwd ?? session?.cwd ?? null,
      pid: session?.pid ?? null,
      url: job.url,
      question: asked === null ? null : question(asked, job.suggestedReply, askedAt),
      lastLine: job.detail ?? timeline.lastText,
    }),
    notes: timeline.notes,
    labels: decodeLabels([
      ['kind', words`background`],
      ['template', job.template === 'bg' ? null : job.template],
      ['version', job.version ?? session?.version],
      ['tokens', job.tokens],
    ]),
    mayBeQuiet: true,
    raw: { job, session },
  };
}

function stateOfJob(
  job: ClaudeJob,
  session: ClaudeSession | null,
  ageMs: number,
  writtenAt: number,
): TaskState {
  const endedAt = job.endedAt ?? writtenAt;
  switch (jobState(job, session, ageMs)) {
    case 'working': {
      // Its turn is over, but it has not reported that everything is done.
      const isIdle = session?.status === 'idle' && job.tempo === 'idle';
      return { status: 'running', reason: isIdle ? words`idle` : null };
    }
    case 'blocked': {
      const reason = plainNameOrNull(job.needs) ?? session?.waitingFor ?? words`it waits for you`;
      return { status: 'needs-input', reason };
    }
    case 'done':
      return { status: 'completed', endedAt, result: job.result };
    case 'stopped':
      return { status: 'cancelled', endedAt, reason: words`stopped` };
    case 'failed': {
      const isSaid = job.state === 'failed';
      const error = isSaid ? (job.detail ?? job.result) : words`its process is gone`;
      return { status: 'failed', endedAt: isSaid ? endedAt : writtenAt, error };
    }
  }
}

/** Returns a list that belongs to a team, or to several sessions, as a task; null if it has not changed recently. */
export function listRow(name: string, list: KeptList, nowMs: number): TaskDraft | null {
  const modifiedAt = changedAt(list);
  if (modifiedAt === null || nowMs - modifiedAt > LIST_SHOWN_MS) return null;
  const state = stateOfList(list, modifiedAt, nowMs);
  return {
    ...BARE_DRAFT,
    nativeId: plainName(`tasks/${name}`),
    name: plainNameOrNull(name) ?? words`(no name)`,
    state,
    ...stepsOf(listSteps(list, state.status)),
    updatedAt: modifiedAt,
    labels: decodeLabels([
      ['kind', words`task list`],
      ['owners', ownersOf(list)],
    ]),
    mayBeQuiet: true,
    raw: { list: name, tasks: list.tasks.map(({ file }) => file.value) },
  };
}

function stateOfList({ tasks }: KeptList, modifiedAt: number, nowMs: number): TaskState {
  const statuses = tasks.flatMap(({ file }) => file.value?.status ?? []);
  if (statuses.every((status) => status === 'completed'))
    return { status: 'completed', endedAt: modifiedAt, result: null };
  if (!statuses.includes('running')) return { status: 'queued', reason: null };
  if (nowMs - modifiedAt <= RECENT_MS) return { status: 'running', reason: null };
  return { status: 'waiting', reason: words`nothing has changed for a while` };
}

/** Returns when a list last changed; null if it is empty. */
function changedAt(list: KeptList | null): number | null {
  return latestOf(list?.tasks.map(({ file }) => file.modifiedAt) ?? []);
}

function nameOfJob(job: ClaudeJob, session: ClaudeSession | null): PlainText {
  const told = job.name ?? session?.name ?? job.intent ?? job.detail;
  return told ?? baseNameOf(job.cwd) ?? plainName(job.id);
}

function baseNameOf(cwd: PlainText | null): PlainText | null {
  return cwd === null ? null : plainNameOrNull(basename(cwd));
}

function question(text: PlainText, reply: PlainText | null, askedAt: number | null): Question {
  return { text, choices: reply === null ? [] : [reply], askedAt };
}

/** What a job has sent off is not all of its work, which is never all done before the job itself is. */
function fanStepsOf({ fan }: ClaudeJob, status: TaskStatus): Pick<TaskDraft, 'steps' | 'totalSteps'> {
  const steps = fanSteps(fan, status);
  const isAllDone = steps.length > 0 && steps.every((step) => step.status === 'completed');
  return { steps, totalSteps: steps.length + (isAllDone && !hasEnded(status) ? 1 : 0) };
}

function stepsOf(steps: readonly Step[]): Pick<TaskDraft, 'steps' | 'totalSteps'> {
  return { steps, totalSteps: steps.length };
}

/** Leaves out what is not known. */
function detailsOf(details: DraftDetails): DraftDetails {
  return Object.fromEntries(Object.entries(details).filter(([, value]) => value !== null)) as DraftDetails;
}
