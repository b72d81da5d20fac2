import { jsonObject } from '../../model/json.ts';
import { type PlainText, plainNameOrNull } from '../../model/text.ts';

/** The keys under which activities keep what people read, the most informative first. */
const TEXT_KEYS = ['message', 'title', 'text', 'description', 'label', 'name', 'query', 'status'];
/** And those under which they keep lists of things to do. */
export const LIST_KEYS = ['steps', 'tasks', 'items', 'plan', 'todos'];
export const UNDER_WAY = /^(?:running|in[-_ ]?progress|active|executing|working|started)$/iu;
const LONGEST_CHARACTERS = 300;

/** Returns what an activity says the agent is doing: the part that is under way, else its text, else its type. */
export function activityText(activity: unknown): PlainText | null {
  const { content, activityType } = jsonObject(activity) ?? {};
  const document = jsonObject(content) ?? {};
  return partUnderWay(document) ?? textIn(document) ?? plainNameOrNull(activityType);
}

function partUnderWay(document: Readonly<Record<string, unknown>>): PlainText | null {
  for (const key of LIST_KEYS) {
    const list = document[key];
    if (!Array.isArray(list)) continue;
    const part = list
      .slice(0, 1_000)
      .map(jsonObject)
      .find((item) => UNDER_WAY.test(plainNameOrNull(item?.status) ?? ''));
    const text = part && textIn(part);
    if (text) return text;
  }
  return null;
}

export function textIn(document: Readonly<Record<string, unknown>>): PlainText | null {
  for (const key of TEXT_KEYS) {
    const text = document[key];
    const plain = typeof text === 'string' ? plainNameOrNull(text.slice(0, LONGEST_CHARACTERS)) : null;
    if (plain) return plain;
  }
  return null;
}
