import { jsonObject, readJson } from '../../model/json.ts';
import { type ReadMoment, readMoment } from '../../model/moment.ts';
import { type PlainText, plainNameOrNull } from '../../model/text.ts';
import { userMessageOf } from './messages.ts';

type Json = Readonly<Record<string, unknown>>;

/** What a rollout says about its session at its beginning. */
export interface SessionHead {
  readonly id: PlainText | null;
  readonly startedAt: number | null;
  readonly cwd: PlainText | null;
  /** The repository's address in a browser. */
  readonly url: string | null;
  /** Whether it ends with its first turn, as with `codex exec`. */
  readonly isExec: boolean;
  /** The first prompt of the session. */
  readonly asked: PlainText | null;
  readonly labels: readonly (readonly [label: string, value: unknown])[];
}

/** One of these words is near the beginning of each line that says something about a session's state. */
const WANTED =
  /session_meta|(?:task|turn)_(?:started|complete|aborted)|turn_context|user_?message|agent_?message|update_plan|request_user_input/iu;
/** Codex writes a line's types and names before anything that may be long. */
const BEGINNING_BYTES = 512;
/** What a command has printed may be long; the answer to a question is not. */
const LONGEST_ANSWER_BYTES = 16 * 1024;

/** Creates a test of a rollout's lines: whether one may say something about the session's state, without parsing it. */
export function createWanted(): (line: Buffer) => boolean {
  let hasAsked = false;
  return (line) => {
    const beginning = line.toString('latin1', 0, BEGINNING_BYTES);
    if (WANTED.test(beginning)) {
      hasAsked ||= beginning.includes('request_user_input');
      return true;
    }
    // Only one of many outputs is an answer.
    return hasAsked && line.length <= LONGEST_ANSWER_BYTES && beginning.includes('function_call_output');
  };
}

/** Reads what a rollout says about its session at its beginning. In a forked session, another session's lines follow. */
export function decodeHead(lines: readonly string[], read: ReadMoment = readMoment): SessionHead {
  const parsed = lines.map(decodeLine).filter((line) => line !== null);
  const first = parsed.find(({ type }) => type === 'session_meta');
  const meta: Json = first?.payload ?? {};
  const git = jsonObject(meta.git);
  const asked = parsed.map(({ payload }) => userMessageOf(payload)).find((text) => text !== null);
  return {
    id: plainNameOrNull(meta.id) ?? plainNameOrNull(meta.session_id),
    startedAt: read(meta.timestamp) ?? read(first?.timestamp),
    cwd: plainNameOrNull(meta.cwd),
    url: browserUrl(git?.repository_url),
    isExec: meta.originator === 'codex_exec' || meta.source === 'exec',
    asked: asked ?? null,
    labels: [
      ['branch', git?.branch],
      ['version', meta.cli_version],
      ['by', meta.originator],
      ['agent', meta.agent_nickname ?? meta.agent_role],
    ],
  };
}

/** Returns the address of a repository for a browser: Git's own may be `git@example.org:org/project.git`. */
function browserUrl(raw: unknown): string | null {
  if (typeof raw !== 'string' || raw.length > 2_000) return null;
  const [, host, path] = /^(?:ssh:\/\/)?[\w.-]+@([\w.-]+)[:/](.+?)(?:\.git)?$/u.exec(raw) ?? [];
  return host === undefined ? raw.replace(/\.git$/u, '') : `https://${host}/${path}`;
}

/** Tells whether these lines contain everything that `decodeHead` looks for. */
export function isWholeHead(lines: readonly string[]): boolean {
  const { id, asked } = decodeHead(lines);
  return id !== null && asked !== null;
}

/** One line of a rollout. */
export interface RolloutLine {
  readonly type: unknown;
  readonly timestamp: unknown;
  readonly payload: Json;
}

/** Reads one line; null if it is not one. */
export function decodeLine(text: string): RolloutLine | null {
  const line = jsonObject(readJson(text));
  const payload = jsonObject(line?.payload);
  return line && payload && { type: line.type, timestamp: line.timestamp, payload };
}
