import { type JsonFault, parseJson } from '../../io/json-text.ts';
import { jsonObject } from '../../model/json.ts';
import { createMomentReader } from '../../model/naive-zone.ts';
import { type PlainText, plainName, words } from '../../model/text.ts';
import { createDecodeMemo } from '../kit/decode-list.ts';
import type { DocumentReading } from '../kit/document-source.ts';
import { decodeDashboardState, decodeDashboardTask } from './format.ts';

/** A state, or what a text is instead. */
export type StateReading =
  | { readonly kind: 'state'; readonly state: DocumentReading }
  | { readonly kind: 'no-json'; readonly explain: () => JsonFault }
  /** A line of our own `--json` output: an easy mistake to make. */
  | { readonly kind: 'own-line'; readonly type: PlainText }
  | { readonly kind: 'no-state' };

/** Reads texts one after the other, each of which is a complete state and replaces the one before. */
export interface StateReader {
  /** `at` (epoch ms) is when the text arrived: it is used where the text names no time. */
  read(text: string, at: number): StateReading;
}

const STREAM_LINE_TYPES = new Set(['snapshot', 'task', 'removed', 'source']);

/** Creates a reader of states. What has not changed since the previous state costs next to nothing. */
export function createStateReader(): StateReader {
  const moments = createMomentReader();
  const memo = createDecodeMemo((raw) => decodeDashboardTask(raw, moments.read));
  return {
    read(text, at) {
      const parsed = parseJson(text);
      if ('explain' in parsed) return { kind: 'no-json', explain: parsed.explain };
      const document = parsed.value;
      if (moments.look(document, at)) memo.forget();
      const reading = decodeDashboardState(document, memo.decode);
      memo.turn();
      if (!reading) return noState(document);
      const stamp = moments.read(jsonObject(document)?.timestamp) ?? at;
      const problem = reading.problem ?? moments.problem;
      return {
        kind: 'state',
        state: { tasks: reading.tasks, problem, firstSeenAt: stamp, changedAt: stamp },
      };
    },
  };
}

function noState(document: unknown): StateReading {
  const type = jsonObject(document)?.type;
  return typeof type === 'string' && STREAM_LINE_TYPES.has(type)
    ? { kind: 'own-line', type: plainName(type) }
    : { kind: 'no-state' };
}

/** The form of a state, for people who have sent something else. */
export const STATE_FORM = words`{"version":1,"timestamp":…,"activeTasks":[…]}`;

/** Returns what is wrong with a text that is not a state, as a sentence about `what`. */
export function whyNoState(reading: Exclude<StateReading, { kind: 'state' }>, what: PlainText): PlainText {
  switch (reading.kind) {
    case 'no-json': {
      const { at, what: fault } = reading.explain();
      const line = at && at.line > 1 ? words`line ${at.line}, ` : words``;
      const place = at ? words` (${line}column ${at.column})` : words``;
      return words`${what} is not JSON${place}: ${plainName(fault)}`;
    }
    case 'own-line':
      return words`${what} is what taskglass --json prints ("${reading.type}"), not a dashboard state`;
    case 'no-state':
      return words`${what} is JSON, but it has no activeTasks`;
    default:
      return reading satisfies never;
  }
}
