import { basename, dirname } from 'node:path';
import { jsonObject } from '../../model/json.ts';
import { STEP_LIMIT } from '../../model/limits.ts';
import { readStatusWord, squash } from '../../model/status-words.ts';
import type { StepStatus } from '../../model/task.ts';
import { type PlainText, plainName, plainNameOrNull, words } from '../../model/text.ts';
import { decodeLabels } from '../kit/decode-fields.ts';
import { type DecodedItem, decodeList, unknownStatus } from '../kit/decode-list.ts';
import { stepStatusOf } from '../kit/step-status.ts';
import type { TickList } from '../kit/tick-list.ts';
import type { Entry } from '../kit/ticks.ts';

type Json = Readonly<Record<string, unknown>>;

/** The file name in agents' harnesses. */
const FEATURES = 'feature_list.json';
/** The file name of Ralph's stories, which others use for their plans as well. */
const STORIES = 'prd.json';

/** Tells whether a path has the name of such a list. */
export function isNamedLikeFeatureList(path: string): boolean {
  return [FEATURES, STORIES].includes(basename(path));
}

/**
 * Returns how sure it is that a document is a list of features: 3 by its name, 2 by keys that nothing else has, 0 if it is
 * another program's.
 */
export function featureListRank(document: unknown, path: string): 0 | 2 | 3 {
  const listed = entriesOf(document)?.map(jsonObject);
  if (!listed) return 0;
  const isStories = Array.isArray(jsonObject(document)?.userStories);
  const passes = (entry: Json | null) => typeof entry?.passes === 'boolean';
  if (basename(path) === STORIES && (listed.length > 0 ? listed.some(passes) : isStories)) return 3;
  if (basename(path) === FEATURES && listed.some((entry) => entry && isLikeEntry(entry))) return 3;
  const isOwn = (entry: Json | null) =>
    passes(entry) && (isStories || (entry && 'category' in entry && 'steps' in entry));
  return listed.length > 0 && listed.every(isOwn) ? 2 : 0;
}

/** Reads such a list; null if the document contains none. */
export function readFeatureList(document: unknown, path: string): TickList | null {
  const listed = entriesOf(document);
  if (!listed) return null;
  const head = jsonObject(document) ?? {};
  const where = words`${Array.isArray(document) ? 'list' : 'userStories' in head ? 'userStories' : 'features'}`;
  const places = new Map<unknown, number>(listed.map((raw, index) => [raw, index + 1]));
  const decode = (raw: unknown) => decodeEntry(raw, places.get(raw) ?? 0);
  const { items, problem } = decodeList(listed, where, decode, { limit: STEP_LIMIT });
  const file = plainName(basename(path));
  const folder = plainNameOrNull(basename(dirname(path)));
  const project = plainNameOrNull(head.project) ?? folder;
  return {
    nativeId: file,
    name: project ?? file,
    entries: items.map(({ entry }) => entry),
    labels: decodeLabels([['branch', head.branchName]]),
    problem,
    raw: { file, project, entries: items.map(({ raw }) => raw) },
  };
}

function entriesOf(document: unknown): readonly unknown[] | null {
  if (Array.isArray(document)) return document;
  const { userStories, features } = jsonObject(document) ?? {};
  return [userStories, features].find((list) => Array.isArray(list)) ?? null;
}

function isLikeEntry(entry: Json): boolean {
  const isNamed = [entry.title, entry.description, entry.name].some((text) => typeof text === 'string');
  return isNamed && (typeof entry.passes === 'boolean' || typeof entry.status === 'string');
}

/** Reads an entry. `place` is its number in the list, which identifies an entry without an id. */
function decodeEntry(
  raw: unknown,
  place: number,
): DecodedItem<{ readonly nativeId: string; readonly entry: Entry; readonly raw: unknown }> {
  const feature = jsonObject(raw);
  if (!feature) return { wrong: words`it is not a JSON object` };
  const id = plainNameOrNull(feature.id);
  const text =
    plainNameOrNull(feature.title) ??
    plainNameOrNull(feature.description) ??
    plainNameOrNull(feature.name) ??
    words`entry ${place}`;
  const word = plainNameOrNull(feature.status);
  const status = typeof feature.passes === 'boolean' ? passed(feature.passes, word) : readFeatureStatus(word);
  const key = id === null ? `#${place}` : `id ${id}`;
  const item = {
    nativeId: key,
    entry: { name: named(id, text), status: status ?? 'pending', key },
    raw,
  };
  if (status !== null) return { item, oddities: [] };
  const unknown = word === null ? noPasses() : unknownStatus(word, words`shown as pending`);
  return { item, oddities: [unknown] };
}

/** Puts the id before the text if it says something that the place does not: `US-001`, but not `1`. */
function named(id: PlainText | null, text: PlainText): PlainText {
  return id === null || /^\d+$/u.test(id) || text.startsWith(id) ? text : words`${id} ${text}`;
}

function noPasses() {
  return { kind: 'malformed' as const, what: words`it has no "passes": shown as pending` };
}

/** Returns the status of a feature. One that does not pass may be under way, if the file has a word for that. */
function passed(passes: boolean, word: PlainText | null): StepStatus {
  if (passes) return 'completed';
  return readFeatureStatus(word) === 'running' ? 'running' : 'pending';
}

/** Reads the word for a feature's status that some lists have instead of `passes`; null if it is unknown. */
function readFeatureStatus(word: PlainText | null): StepStatus | null {
  if (word !== null && ['pass', 'passing', 'verified'].includes(squash(word))) return 'completed';
  if (word !== null && ['specready', 'failing'].includes(squash(word))) return 'pending';
  const meaning = readStatusWord(word);
  return meaning === null ? null : stepStatusOf(meaning);
}
