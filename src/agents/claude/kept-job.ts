import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { readLastLines } from '../../io/read-file.ts';
import { jsonObject, readJson } from '../../model/json.ts';
import { readMoment } from '../../model/moment.ts';
import type { Note } from '../../model/task.ts';
import { nameIn, type PlainText, plainName } from '../../model/text.ts';
import { type ClaudeJob, decodeJob } from './format.ts';
import { type KeptFile, readKept } from './kept-file.ts';

/** A background job, as its directory describes it. */
export interface KeptJob {
  readonly state: KeptFile<ClaudeJob>;
  readonly timeline: Timeline;
}

/** The end of its timeline, the oldest entry first. */
interface Timeline {
  readonly identity: string;
  readonly notes: readonly Note[];
  /** The text of its last line. */
  readonly lastText: PlainText | null;
}

/** How much of a timeline's end is read, and how many of its lines become notes. */
const TIMELINE_BYTES = 64 * 1024;
const MOST_NOTES = 20;
export const NO_TIMELINE: Timeline = { identity: '', notes: [], lastText: null };

/** Reads a job's directory; null if it contains no state: then it is that of a worker that nobody has asked for. */
export async function readKeptJob(
  directory: string,
  id: string,
  before: KeptJob | null,
): Promise<KeptJob | null> {
  const path = join(directory, 'state.json');
  const state = await readKept(path, before?.state ?? null, (raw) => decodeJob(raw, id));
  if (!state) return null;
  const timeline = await readTimeline(join(directory, 'timeline.jsonl'), before?.timeline ?? NO_TIMELINE);
  return before && state === before.state && timeline === before.timeline ? before : { state, timeline };
}

async function readTimeline(path: string, before: Timeline): Promise<Timeline> {
  const stats = await stat(path).catch(() => null);
  if (!stats) return NO_TIMELINE;
  const identity = [stats.ino, stats.size, stats.mtimeMs].join(' ');
  if (identity === before.identity) return before;
  const found = await readLastLines(path, TIMELINE_BYTES);
  if ('problem' in found) return before;
  const lines = found.bytes
    .toString()
    .split('\n')
    .slice(-MOST_NOTES - 1);
  const told = lines.map((line) => jsonObject(readJson(line))).filter((entry) => entry !== null);
  const last = told.at(-1);
  return {
    identity,
    notes: told.flatMap(noteOf).slice(-MOST_NOTES),
    lastText: nameIn(last?.text) ?? nameIn(last?.detail),
  };
}

/** Returns a line as a note; none if it says nothing. */
function noteOf({ at, state, detail, text }: Readonly<Record<string, unknown>>): Note[] {
  const said = [nameIn(state), nameIn(detail) ?? nameIn(text)].filter((one) => one !== null);
  return said.length === 0 ? [] : [{ at: readMoment(at), text: plainName(said.join(': ')) }];
}
