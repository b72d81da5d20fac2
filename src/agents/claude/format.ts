import { jsonObject } from '../../model/json.ts';
import { readMoment } from '../../model/moment.ts';
import { shownUrl } from '../../model/shown-url.ts';
import type { StepStatus } from '../../model/task.ts';
import {
  nameIn,
  type PlainText,
  plainName,
  plainNameOrNull,
  plainText,
  plainTextOrNull,
} from '../../model/text.ts';

/*
 * Decodes what Claude Code keeps. Only what is named here is read: anything else in a file, such as a job's `providerEnv` and
 * `respawnFlags`, may be secret and goes no further.
 */

/** A process, as its file in `sessions` describes it. */
export interface ClaudeSession {
  readonly sessionId: string | null;
  readonly pid: number;
  /** When the process started, in the kernel's ticks since boot. */
  readonly startTicks: number | null;
  readonly kind: PlainText;
  /** What started it: the command line (`cli`), the SDK (`sdk-cli`), an editor. */
  readonly entrypoint: PlainText | null;
  readonly status: PlainText | null;
  readonly waitingFor: PlainText | null;
  readonly name: PlainText | null;
  readonly cwd: PlainText | null;
  readonly version: PlainText | null;
  readonly jobId: string | null;
  /** A worker that was started before anybody has asked for it. */
  readonly isSpare: boolean;
  readonly startedAt: number | null;
  readonly updatedAt: number | null;
  readonly statusUpdatedAt: number | null;
}

/** Work that a background job has sent off. */
export interface FanItem {
  readonly label: PlainText;
  readonly startedAt: number | null;
  readonly doneAt: number | null;
}

/** A background job, as its `state.json` describes it. */
export interface ClaudeJob {
  readonly id: string;
  readonly state: PlainText | null;
  readonly tempo: PlainText | null;
  /** What it is doing, or has said; null if that only repeats the prompt. */
  readonly detail: PlainText | null;
  readonly needs: PlainText | null;
  readonly suggestedReply: PlainText | null;
  readonly result: PlainText | null;
  readonly fan: readonly FanItem[];
  readonly tokens: number | null;
  readonly url: PlainText | null;
  readonly name: PlainText | null;
  readonly intent: PlainText | null;
  /** The ids under which its session may be known. */
  readonly sessionIds: readonly string[];
  readonly cwd: PlainText | null;
  readonly template: PlainText | null;
  readonly version: PlainText | null;
  readonly createdAt: number | null;
  readonly updatedAt: number | null;
  readonly endedAt: number | null;
}

/** One task of a list. */
export interface ListedTask {
  readonly subject: PlainText;
  readonly status: StepStatus;
  readonly owner: PlainText | null;
}

/** Further items of a job's fan are not shown: nobody sends off that many. */
const MOST_FAN_ITEMS = 1_000;
const HIGHEST_PID = 2 ** 31 - 1;

/** Reads a session's file; null if it is not one. `pid` is the one in the file's name. */
export function decodeSession(raw: unknown, pid: number): ClaudeSession | null {
  const session = jsonObject(raw);
  if (!session || !isPid(pid)) return null;
  const sessionId = idOf(session.sessionId);
  const kind = nameIn(session.kind);
  if (sessionId === null && kind === null && nameIn(session.cwd) === null) return null;
  return {
    sessionId,
    pid: isPid(session.pid) ? session.pid : pid,
    startTicks: ticksOf(session.procStart),
    kind: kind ?? plainName('interactive'),
    entrypoint: nameIn(session.entrypoint),
    status: nameIn(session.status),
    waitingFor: nameIn(session.waitingFor),
    name: nameIn(session.name),
    cwd: nameIn(session.cwd),
    version: nameIn(session.version),
    jobId: idOf(session.jobId),
    isSpare: session.spare === true,
    startedAt: readMoment(session.startedAt),
    updatedAt: readMoment(session.updatedAt),
    statusUpdatedAt: readMoment(session.statusUpdatedAt),
  };
}

/** Reads a job's `state.json`; null if it is not one. */
export function decodeJob(raw: unknown, id: string): ClaudeJob | null {
  const job = jsonObject(raw);
  if (!job || (nameIn(job.state) === null && nameIn(job.intent) === null && idOf(job.sessionId) === null))
    return null;
  const sessionIds = [job.sessionId, job.resumeSessionId].map(idOf).filter((known) => known !== null);
  return {
    id,
    state: nameIn(job.state),
    tempo: nameIn(job.tempo),
    detail: newsOf(job.detail, job.intent),
    needs: plainTextIn(job.needs),
    suggestedReply: nameIn(job.suggestedReply),
    result: plainTextIn(jsonObject(job.output)?.result),
    fan: fanOf(job.fan),
    tokens: typeof job.tokens === 'number' && job.tokens > 0 ? Math.round(job.tokens) : null,
    url: urlOf(job.children),
    name: nameIn(job.name),
    intent: firstLineOf(job.intent),
    sessionIds: [...new Set(sessionIds)],
    cwd: nameIn(job.cwd),
    template: nameIn(job.template),
    version: nameIn(job.cliVersion),
    createdAt: readMoment(job.createdAt),
    updatedAt: readMoment(job.updatedAt),
    endedAt: readMoment(job.lastTerminalAt) ?? readMoment(job.firstTerminalAt),
  };
}

/** Reads a task's file; null if it is not one. */
export function decodeListedTask(raw: unknown): ListedTask | null {
  const task = jsonObject(raw);
  const subject = nameIn(task?.subject) ?? nameIn(task?.activeForm) ?? nameIn(task?.description);
  if (!task || subject === null) return null;
  return { subject, status: stepStatusOf(task.status), owner: nameIn(task.owner) };
}

function stepStatusOf(word: unknown): StepStatus {
  if (word === 'in_progress') return 'running';
  return word === 'completed' ? 'completed' : 'pending';
}

function fanOf(raw: unknown): FanItem[] {
  const listed: unknown[] = Array.isArray(raw) ? raw : [];
  return listed.slice(0, MOST_FAN_ITEMS).flatMap((item) => {
    const one = jsonObject(item);
    const label = nameIn(one?.label) ?? nameIn(one?.kind) ?? nameIn(one?.id);
    if (!one || label === null) return [];
    return [{ label, startedAt: readMoment(one.startedAt), doneAt: readMoment(one.doneAt) }];
  });
}

/** Returns the address of the newest pull request among a job's children. */
function urlOf(children: unknown): PlainText | null {
  const listed: unknown[] = Array.isArray(children) ? children.slice(-MOST_FAN_ITEMS) : [];
  const href = listed
    .map((child) => jsonObject(child)?.href)
    .findLast((one) => typeof one === 'string' && /^https?:\/\/[^/]/iu.test(one));
  return typeof href === 'string' ? shownUrl(href) : null;
}

/** Returns a detail that is new: some versions write the beginning of the prompt where the progress should be. */
function newsOf(detail: unknown, intent: unknown): PlainText | null {
  const text = nameIn(detail);
  const begun = text?.replace(/(?:…|\.\.\.)$/u, '').trim();
  return begun && nameIn(intent)?.startsWith(begun) ? null : text;
}

/** Returns the first line of a prompt that is not empty: the rest may be pages. */
function firstLineOf(raw: unknown): PlainText | null {
  const lines = typeof raw === 'string' ? plainText(raw).split('\n') : [];
  return lines.map(plainNameOrNull).find((line) => line !== null) ?? null;
}

function plainTextIn(raw: unknown): PlainText | null {
  return typeof raw === 'string' ? plainTextOrNull(raw) : null;
}

/** Returns an id as it is; null if there is none, or it is too long to be one. */
function idOf(raw: unknown): string | null {
  return typeof raw === 'string' && raw !== '' && raw.length <= 200 ? raw : null;
}

function isPid(raw: unknown): raw is number {
  return Number.isInteger(raw) && Number(raw) > 0 && Number(raw) <= HIGHEST_PID;
}

/** Reads a start in ticks, a number or its text; other systems use other forms. */
function ticksOf(raw: unknown): number | null {
  const text = typeof raw === 'number' ? String(raw) : raw;
  return typeof text === 'string' && /^\d{1,15}$/u.test(text) ? Number(text) : null;
}
