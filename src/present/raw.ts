import type { Task } from '../model/task.ts';
import { type PlainText, plainText, words } from '../model/text.ts';

const texts = new WeakMap<Task, PlainText>();

/**
 * Returns the source's own document of a task, formatted and cut to what can be shown (64 KiB). It is computed once for each
 * task.
 */
export function rawText(task: Task): PlainText {
  const known = texts.get(task);
  if (known !== undefined) return known;
  const text = layOut(task.raw);
  texts.set(task, text);
  return text;
}

function layOut(raw: unknown): PlainText {
  if (raw === null || raw === undefined) return words``;
  if (typeof raw === 'string') return plainText(raw);
  return plainText(JSON.stringify(raw, whole, 2) ?? '');
}

/** Converts integers from databases, which JSON cannot represent. */
function whole(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value;
}
