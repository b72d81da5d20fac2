import { jsonObject } from '../../../model/json.ts';
import { countOf, NOTHING } from '../found.ts';
import type { JsonReader } from './json-reader.ts';

/** Reads Terraform's `-json`: a summary of what is planned, then an event for each resource that has changed. */
export function createTerraformJsonReader(): JsonReader {
  let total = 0;
  let done = 0;
  return ({ type, changes, hook }) => {
    if (type === 'change_summary') {
      const { add, change, remove, operation } = jsonObject(changes) ?? {};
      if (operation === 'plan') {
        total = [add, change, remove].reduce<number>((sum, count) => sum + (Number(count) || 0), 0);
        done = 0;
      }
      return NOTHING;
    }
    if (hook === undefined) return null;
    if (type !== 'apply_complete' && type !== 'apply_errored') return NOTHING;
    done += 1;
    return (total > 0 && countOf(Math.min(done, total), total)) || NOTHING;
  };
}
