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
/** Words that only these programs' lines have; other lines are not parsed, only known to be JSON. */
const OURS =
  /"(?:message_type|vertexes|statuses|test_count|progressDetail|changes|hook)"|"type":\s*"(?:suite|test)"/u;

/** A line of JSON for each event. Figures that stand in the JSON of any other program are nobody's progress. */
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
