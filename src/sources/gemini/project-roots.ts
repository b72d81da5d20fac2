import { join } from 'node:path';
import { parseJson } from '../../io/json-text.ts';
import { readWhole } from '../../io/read-file.ts';
import { decodeText } from '../../io/text-encoding.ts';
import { jsonObject } from '../../model/json.ts';
import { type PlainText, plainNameOrNull } from '../../model/text.ts';

const LONGEST_FILE_BYTES = 4 * 1024 * 1024;

/** Reads the directories of the projects by the names that Gemini gave them (`projects.json`); empty if it has no such list. */
export async function readProjectRoots(home: string): Promise<ReadonlyMap<string, PlainText>> {
  const found = await readWhole(join(home, 'projects.json'), LONGEST_FILE_BYTES);
  const parsed = 'bytes' in found ? parseJson(decodeText(found.bytes)) : null;
  const document = parsed && 'value' in parsed ? jsonObject(parsed.value) : null;
  const roots = new Map<string, PlainText>();
  for (const [root, name] of Object.entries(jsonObject(document?.projects) ?? {})) {
    const shown = plainNameOrNull(root);
    if (typeof name === 'string' && shown !== null) roots.set(name, shown);
  }
  return roots;
}
