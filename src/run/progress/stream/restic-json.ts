import { NOTHING, percentOf } from '../found.ts';
import type { JsonReader } from './json-reader.ts';

/** Reads restic's `--json`: `{"message_type":"status","percent_done":0.57,…}`. */
export function createResticReader(): JsonReader {
  return ({ message_type: type, percent_done: share }) => {
    if (type === undefined) return null;
    return (type === 'status' && typeof share === 'number' && percentOf(share * 100)) || NOTHING;
  };
}
