import { jsonObject } from '../../model/json.ts';
import { STEP_LIMIT } from '../../model/limits.ts';
import { readMoment } from '../../model/moment.ts';
import type { Problem } from '../../model/problem.ts';
import type { Note, Step } from '../../model/task.ts';
import { type PlainText, plainNameOrNull, plainTextOrNull, words } from '../../model/text.ts';
import { decodeIds, decodeLabels, decodePerson } from '../kit/decode-fields.ts';
import { type DecodedItem, decodeList, unknownStatus } from '../kit/decode-list.ts';
import { stepStatusOf } from '../kit/step-status.ts';
import { BARE_DRAFT, type TaskDraft } from '../kit/task-draft.ts';
import { withWaiting } from '../kit/waiting.ts';
import { beadState, readBeadStatus, TOMBSTONE } from './words.ts';

type Json = Readonly<Record<string, unknown>>;

/** An issue, with its relations to others. */
interface Bead extends TaskDraft {
  readonly parent: string | null;
}

/** The relations that keep an issue from being begun. All others (related, discovered-from) do not. */
const BLOCKING = new Set(['blocks', 'conditional-blocks', 'waits-for']);
const PARENT = 'parent-child';
/** If an issue has been discussed for years, only the newest comments are kept. */
const MOST_NOTES = 50;

/** Reads all issues; deleted ones are skipped. */
export function decodeBeads(issues: readonly unknown[]): {
  readonly tasks: readonly TaskDraft[];
  readonly problem: Problem | null;
} {
  const alive = issues.filter((issue) => jsonObject(issue)?.status !== TOMBSTONE);
  const { items, problem } = decodeList(alive, words`issues`, decodeBead);
  const states = new Map(items.map((bead) => [bead.nativeId, bead.state]));
  const children = Map.groupBy(items, ({ parent }) => parent);
  // A missing issue was deleted, or is another project's: the program does not wait for it either.
  const known = ({ dependencies }: TaskDraft) => dependencies.filter((id) => states.has(id));
  const tasks = items.map(({ parent: _, ...bead }) => {
    const parts = children.get(bead.nativeId) ?? [];
    return withWaiting({ ...bead, steps: stepsOf(parts), totalSteps: parts.length }, states, known);
  });
  return { tasks, problem };
}

function decodeBead(raw: unknown): DecodedItem<Bead> {
  const issue = jsonObject(raw);
  if (!issue) return { wrong: words`it is not a JSON object` };
  const nativeId = plainNameOrNull(issue.id);
  if (nativeId === null) return { wrong: words`it has no id` };
  const word = plainNameOrNull(issue.status) ?? words`open`;
  const updatedAt = readMoment(issue.updated_at) ?? readMoment(issue.created_at);
  const parent = parentOf(issue, nativeId);
  const item: Bead = {
    ...BARE_DRAFT,
    nativeId,
    parent,
    name: plainNameOrNull(issue.title) ?? nativeId,
    state: beadState(word, {
      endedAt: readMoment(issue.closed_at) ?? updatedAt,
      result: resultOf(issue.close_reason),
      until: word === 'deferred' ? untilOf(issue.defer_until) : null,
    }),
    startedAt: readMoment(issue.started_at),
    updatedAt,
    priority: priorityOf(issue.priority),
    dependencies: blockersOf(issue, nativeId),
    notes: notesOf(issue.comments),
    labels: decodeLabels([
      ['type', issue.issue_type],
      ['labels', decodeIds(listOf(issue.labels)).join(', ')],
      ['assignee', decodePerson(issue.assignee)],
      ['parent', parent],
      ['due', issue.due_at],
    ]),
    mayBeQuiet: true,
    raw: withoutPeople(issue),
  };
  const isOwn = readBeadStatus(word) !== null;
  return { item, oddities: isOwn ? [] : [unknownStatus(word)] };
}

function listOf(raw: unknown): readonly unknown[] {
  return Array.isArray(raw) ? raw.slice(0, STEP_LIMIT) : [];
}

/** Returns what an issue depends on, in the file's form or in that of `bd show`. */
function dependenciesOf(issue: Json): { readonly id: PlainText; readonly type: string }[] {
  return listOf(issue.dependencies).flatMap((raw) => {
    const dependency = jsonObject(raw);
    const id = plainNameOrNull(dependency?.depends_on_id ?? dependency?.id);
    const type = dependency?.type ?? dependency?.dependency_type;
    return id === null || typeof type !== 'string' ? [] : [{ id, type }];
  });
}

function blockersOf(issue: Json, own: string): PlainText[] {
  const blocking = dependenciesOf(issue).filter(({ id, type }) => BLOCKING.has(type) && id !== own);
  return [...new Set(blocking.map(({ id }) => id))];
}

/** Returns the issue that this one is a part of: given explicitly, or by the id (`bd-a1b2.3` is a part of `bd-a1b2`). */
function parentOf(issue: Json, own: string): PlainText | null {
  const said = dependenciesOf(issue).find(({ id, type }) => type === PARENT && id !== own);
  if (said) return said.id;
  return plainNameOrNull(issue.parent) ?? plainNameOrNull(/^(.+)\.\d+$/u.exec(own)?.[1]);
}

function stepsOf(children: readonly Bead[]): Step[] {
  const sorted = children.toSorted((a, b) => BY_NUMBER.compare(a.nativeId, b.nativeId));
  return sorted.slice(0, STEP_LIMIT).map(
    (child, index): Step => ({
      index,
      name: child.name,
      status: stepStatusOf(child.state.status),
      progress: null,
      weight: 1,
      startedAt: child.startedAt,
      endedAt: 'endedAt' in child.state ? child.state.endedAt : null,
    }),
  );
}

const BY_NUMBER = new Intl.Collator('en', { numeric: true });

function priorityOf(raw: unknown): number | null {
  return Number.isInteger(raw) && Number(raw) >= 0 && Number(raw) <= 4 ? Number(raw) : null;
}

/** Returns the result of an issue. The program writes "Closed" if nobody gave a reason. */
function resultOf(raw: unknown): PlainText | null {
  const reason = typeof raw === 'string' ? plainTextOrNull(raw) : null;
  return reason?.toLowerCase() === 'closed' ? null : reason;
}

function untilOf(raw: unknown): PlainText | null {
  const day = plainNameOrNull(raw)?.slice(0, 'YYYY-MM-DD'.length);
  return day === undefined ? null : plainNameOrNull(`deferred until ${day}`);
}

function notesOf(raw: unknown): Note[] {
  const comments = Array.isArray(raw) ? raw.slice(-MOST_NOTES) : [];
  return comments.flatMap((one) => {
    const comment = jsonObject(one);
    const text = typeof comment?.text === 'string' ? plainTextOrNull(comment.text) : null;
    return text === null ? [] : [{ at: readMoment(comment?.created_at), text }];
  });
}

/** Removes who people are: a repository contains that for those who have access to it, not for everybody who sees the view. */
function withoutPeople(issue: Json): Json {
  const { owner: _, created_by: _by, comments: _comments, dependencies: _deps, ...rest } = issue;
  return { ...rest, ...('assignee' in rest && { assignee: decodePerson(rest.assignee) }) };
}
