import { jsonObject } from '../../model/json.ts';

/** How deeply a document is searched; anything deeper is left out. */
const DEPTH_LIMIT = 100;

/** Returns the same document without any `env`, at any depth: it may contain secrets, and nothing of it is kept. */
export function withoutEnvironment(value: unknown, levelsLeft = DEPTH_LIMIT): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (levelsLeft === 0) return null;
  if (Array.isArray(value)) return value.map((inner) => withoutEnvironment(inner, levelsLeft - 1));
  const kept = Object.entries(jsonObject(value) ?? {}).filter(([key]) => key !== 'env');
  return Object.fromEntries(kept.map(([key, inner]) => [key, withoutEnvironment(inner, levelsLeft - 1)]));
}
