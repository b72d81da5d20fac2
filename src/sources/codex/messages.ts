import { jsonObject } from '../../model/json.ts';
import { type PlainText, plainNameOrNull } from '../../model/text.ts';

type Json = Readonly<Record<string, unknown>>;

/** What an editor adds comes before this mark, and what the user typed after it. */
const REQUEST_MARK = '## My request for Codex:';

/** Returns the first line of the user's prompt, if the event contains one. */
export function userMessageOf(payload: Json): PlainText | null {
  const text = messageOf(payload, 'user_message', 'UserMessage');
  return text === null ? null : firstLine(text.slice(Math.max(0, requestAt(text))));
}

function requestAt(text: string): number {
  const mark = text.lastIndexOf(REQUEST_MARK);
  return mark === -1 ? 0 : mark + REQUEST_MARK.length;
}

/** Returns the first line of the agent's message, if the event contains one. */
export function agentMessageOf(payload: Json): PlainText | null {
  return firstLine(messageOf(payload, 'agent_message', 'AgentMessage'));
}

/** Returns a message in either form: as an event of its own, or as an item of the thread (Codex 0.171). */
function messageOf(payload: Json, event: string, kind: string): string | null {
  if (payload.type === event) return typeof payload.message === 'string' ? payload.message : null;
  const item = payload.type === 'item_completed' ? jsonObject(payload.item) : null;
  if (item?.type !== kind || !Array.isArray(item.content)) return null;
  const texts = item.content.map((part) => jsonObject(part)?.text).filter((text) => typeof text === 'string');
  return texts.length === 0 ? null : texts.join('\n');
}

/** Returns the first line that is not empty. */
export function firstLine(raw: unknown): PlainText | null {
  if (typeof raw !== 'string') return null;
  return plainNameOrNull(/\S[^\n]*/u.exec(raw.slice(0, 64 * 1024))?.[0] ?? null);
}
