/** What a program says about itself by the Program Status Protocol (OSC 7501, revision 0.3). */
export type StatusReport =
  | { readonly kind: 'query' }
  /** Removes a record and all below it; everything if `id` is the root's. */
  | { readonly kind: 'clear'; readonly id: string }
  | { readonly kind: 'record'; readonly id: string; readonly record: StatusRecord };

export interface StatusRecord {
  readonly state: 'idle' | 'working' | 'done' | 'blocked' | 'error';
  /** What it is blocked by. */
  readonly reason: 'permission' | 'question' | 'auth' | null;
  /** 0–100; null if not known. */
  readonly progress: number | null;
  readonly app: string | null;
  /** As the program wrote them: not yet safe to show. */
  readonly title: string | null;
  readonly message: string | null;
}

/** The id of the program's own record. */
export const ROOT = '';

const QUERY = /^\?(?::|$)/u;
const PAIR = /^(?<key>[a-z]{1,16})=(?<value>[A-Za-z0-9_.,+/=-]*)$/u;
const APP = /^[A-Za-z0-9_.+-]{1,32}$/u;
const ID_LIMIT = 128;
const ID_DEPTH = 8;
const TITLE_LIMITS = { encoded: 256, decoded: 192 };
const MESSAGE_LIMITS = { encoded: 2_732, decoded: 2_048 };
const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/u;

/** Reads what follows `7501;`. Returns null if it exceeds a limit or violates the grammar: then all of it is to be ignored. */
export function readStatusReport(payload: string): StatusReport | null {
  if (QUERY.test(payload)) return { kind: 'query' };
  const values = new Map<string, string>();
  for (const pair of payload.split(':')) {
    const { key, value } = PAIR.exec(pair)?.groups ?? {};
    if (key !== undefined && value !== undefined) values.set(key, value);
  }
  const id = readId(values.get('id'));
  const title = readText(values.get('title'), TITLE_LIMITS);
  const message = readText(values.get('msg'), MESSAGE_LIMITS);
  const app = values.get('app') ?? null;
  if (id === undefined || title === undefined || message === undefined) return null;
  if (app !== null && !APP.test(app)) return null;
  const state = values.get('state');
  if (state === 'clear') return { kind: 'clear', id };
  if (!isState(state)) return null;
  const progress = state === 'working' || state === 'blocked' ? readProgress(values.get('progress')) : null;
  if (progress === undefined) return null;
  const reason = state === 'blocked' ? readReason(values.get('kind')) : null;
  return { kind: 'record', id, record: { state, reason, progress, app, title, message } };
}

function isState(word: string | undefined): word is StatusRecord['state'] {
  return word !== undefined && ['idle', 'working', 'done', 'blocked', 'error'].includes(word);
}

function readReason(word: string | undefined): StatusRecord['reason'] {
  return word === 'permission' || word === 'question' || word === 'auth' ? word : null;
}

/** Reads a whole number from 0 to 100; undefined for anything else. */
function readProgress(text: string | undefined): number | null | undefined {
  if (text === undefined) return null;
  return /^\d{1,3}$/u.test(text) && Number(text) <= 100 ? Number(text) : undefined;
}

/** Reads an id; undefined if it is malformed, because it must never be taken for the root. */
function readId(text: string | undefined): string | undefined {
  if (text === undefined) return ROOT;
  const parts = text.split('/');
  if (text.length > ID_LIMIT || parts.length > ID_DEPTH) return undefined;
  return parts.every((part) => APP.test(part)) ? text : undefined;
}

function readText(
  encoded: string | undefined,
  limits: { encoded: number; decoded: number },
): string | null | undefined {
  if (encoded === undefined) return null;
  const digits = encoded.replace(/=+$/u, '').length;
  if (encoded.length > limits.encoded || !BASE64.test(encoded) || digits % 4 === 1) return undefined;
  const bytes = Buffer.from(encoded, 'base64');
  if (bytes.length > limits.decoded) return undefined;
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    return /\p{Cc}/u.test(text) ? undefined : text;
  } catch {
    return undefined;
  }
}
