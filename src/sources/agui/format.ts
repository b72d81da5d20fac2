import { applyPatch } from 'rfc6902';
import { jsonObject, readJson } from '../../model/json.ts';
import { ownWords, type PlainText, plainName } from '../../model/text.ts';

/** What one AG-UI event did to the state: a new one, nothing (an event that is not about state), or damage. */
export type Applied =
  | { readonly kind: 'state'; readonly state: unknown }
  | { readonly kind: 'ignored' }
  | { readonly kind: 'broken'; readonly why: PlainText };

/**
 * Applies one event of an AG-UI stream to the state before it: snapshots replace it, deltas (RFC 6902)
 * patch a copy. A delta that does not fit means that one was missed: only the next snapshot helps.
 */
export function applyAguiEvent(state: unknown, data: string): Applied {
  const event = jsonObject(readJson(data));
  switch (event?.type) {
    case 'STATE_SNAPSHOT':
      return { kind: 'state', state: event.snapshot };
    case 'STATE_DELTA':
      return patched(state, event.delta);
    case undefined:
      return { kind: 'broken', why: ownWords('an event is no JSON object with a type') };
    default:
      return { kind: 'ignored' };
  }
}

function patched(state: unknown, delta: unknown): Applied {
  if (state === undefined) return { kind: 'broken', why: ownWords('a delta came before any snapshot') };
  if (!Array.isArray(delta)) return { kind: 'broken', why: ownWords('a delta is no list of operations') };
  if (copies(delta) > COPY_LIMIT) return { kind: 'broken', why: ownWords('a delta copies too much') };
  const document = { root: structuredClone(state) };
  try {
    const failure = applyPatch(document, delta.map(belowRoot)).find((error) => error !== null);
    return failure
      ? {
          kind: 'broken',
          why: plainName(`a delta does not fit: ${failure.message.replaceAll('/root/', '/')}`),
        }
      : { kind: 'state', state: document.root };
  } catch (error) {
    return { kind: 'broken', why: plainName(`a delta is damaged: ${(error as Error).message}`) };
  }
}

/** Each copy can double a document: a few dozen would take all memory. Emitters of states have no use for them. */
const COPY_LIMIT = 4;

function copies(delta: readonly unknown[]): number {
  return delta.filter((operation) => jsonObject(operation)?.op === 'copy').length;
}

/** The patch library changes a document in place, and cannot replace the whole of it: so we hand it one level more. */
function belowRoot(operation: unknown) {
  const raw = jsonObject(operation) ?? {};
  const below = (pointer: unknown) => (typeof pointer === 'string' ? `/root${pointer}` : pointer);
  return { ...raw, path: below(raw.path), ...('from' in raw ? { from: below(raw.from) } : {}) } as never;
}
