import { jsonObject } from '../../model/json.ts';
import { type PlainText, words } from '../../model/text.ts';
import { applyPatch } from './patch.ts';
import type { RunEvent } from './run.ts';
import { isTooLarge, readBoundedObject, sizeOf } from './size.ts';

/** What the data of one server-sent event is: an AG-UI event, something else that is sent along, or too much. */
export type ReadEvent =
  | { readonly kind: 'event'; readonly event: RunEvent }
  | { readonly kind: 'foreign' }
  | { readonly kind: 'too-large' };

/**
 * Reads the data of a server-sent event. A stream may contain other events (pings, `[DONE]`, nothing at all), recognised by
 * their name or content. `name` is the event's own; AG-UI gives none, or the type.
 */
export function readAguiEvent(data: string, name?: string): ReadEvent {
  const read = readBoundedObject(data);
  if (read.kind === 'too-large') return read;
  const type = read.kind === 'object' ? read.object.type : null;
  if (read.kind === 'other' || typeof type !== 'string') return { kind: 'foreign' };
  if (!isPlainMessage(name) && name?.toUpperCase() !== type.toUpperCase()) return { kind: 'foreign' };
  return { kind: 'event', event: { ...read.object, type } };
}

/** Tells whether an event with this `name` has no name of its own. */
export function isPlainMessage(name: string | undefined): boolean {
  return name === undefined || name === '' || name === 'message';
}

/** What one AG-UI event did to the state: it made a new one, or nothing, or it does not fit and is skipped. */
export type Applied =
  | { readonly kind: 'state'; readonly state: unknown }
  | { readonly kind: 'ignored' }
  | { readonly kind: 'misfit'; readonly why: PlainText };

/**
 * Applies one event of an AG-UI stream to the state before it: snapshots replace it, deltas (RFC 6902) make a new one from it.
 * A delta before any snapshot starts from an empty object, as in the protocol's own client.
 */
export function applyAguiEvent(state: unknown, event: RunEvent): Applied {
  if (event.type === 'STATE_SNAPSHOT') {
    if (isTooLarge(sizeOf(event.snapshot))) return { kind: 'misfit', why: TOO_LARGE };
    return { kind: 'state', state: event.snapshot };
  }
  if (event.type !== 'STATE_DELTA') return { kind: 'ignored' };
  if (!Array.isArray(event.delta)) return { kind: 'misfit', why: words`a delta is not a list of operations` };
  const patched = applyPatch(jsonObject(state) ?? (Array.isArray(state) ? state : {}), event.delta);
  return patched.kind === 'patched' ? { kind: 'state', state: patched.document } : patched;
}

const TOO_LARGE = words`a snapshot is too large`;
