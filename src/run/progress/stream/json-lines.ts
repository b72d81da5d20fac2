import { jsonObject } from '../../../model/json.ts';
import { NOTHING, type Tool } from '../found.ts';
import { createBuildxReader } from './buildx-json.ts';
import { createDockerReader } from './docker-json.ts';
import type { JsonReader } from './json-reader.ts';
import { createResticReader } from './restic-json.ts';
import { createTerraformJsonReader } from './terraform-json.ts';
import { createTestJsonReader } from './test-json.ts';

const READERS: readonly (() => JsonReader)[] = [
  createResticReader,
  createBuildxReader,
  createTestJsonReader,
  createDockerReader,
  createTerraformJsonReader,
];
/** Words that occur only in these programs' lines. Other lines are not parsed, only recognised as JSON. */
const OURS =
  /"(?:message_type|vertexes|statuses|test_count|progressDetail|changes|hook)"|"type":\s*"(?:suite|test)"/u;

/** Output with a line of JSON for each event. Figures in any other program's JSON are not taken for progress. */
export const jsonLines: Tool = {
  begins: /[ \t]*\{/u,
  isForMachines: true,
  createReader() {
    const readers = READERS.map((create) => create());
    return ({ text }) => {
      if (!/^\s*\{.*\}\s*$/u.test(text)) return null;
      if (!OURS.test(text)) return /^\s*\{\s*"/u.test(text) ? NOTHING : null;
      const value = parse(text);
      if (!value) return null;
      for (const reader of readers) {
        const found = reader(value);
        if (found) return found;
      }
      return NOTHING;
    };
  },
};

function parse(text: string): Readonly<Record<string, unknown>> | null {
  try {
    return jsonObject(JSON.parse(text));
  } catch {
    return null;
  }
}
