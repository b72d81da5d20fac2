import { appendFile, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

type Json = Readonly<Record<string, unknown>>;

/** A line as Codex writes it. */
export function rolloutLine(type: string, payload: Json, at = new Date().toISOString()): string {
  return `${JSON.stringify({ timestamp: at, type, payload })}\n`;
}

export const event = (type: string, more: Json = {}, at?: string) =>
  rolloutLine('event_msg', { type, ...more }, at);

export const meta = (id: string, more: Json = {}) =>
  rolloutLine('session_meta', {
    id,
    timestamp: new Date().toISOString(),
    cwd: '/home/user/project',
    originator: 'codex_cli_rs',
    cli_version: '0.171.0',
    source: 'cli',
    ...more,
  });

export const asked = (text: string) => event('user_message', { message: text });

export const plan = (steps: Json[], at?: string) =>
  rolloutLine(
    'response_item',
    {
      type: 'function_call',
      name: 'update_plan',
      call_id: 'call_1',
      arguments: JSON.stringify({ plan: steps }),
    },
    at,
  );

/** Where Codex keeps the session of this id, begun today. */
export function rolloutPath(home: string, id: string, day = new Date()): string {
  const [date = '', time = ''] = day.toISOString().split('T');
  const stamp = `${date}T${time.slice(0, 8).replaceAll(':', '-')}`;
  return join(home, 'sessions', ...date.split('-'), `rollout-${stamp}-${id}.jsonl`);
}

export async function writeRollout(home: string, id: string, lines: string, day?: Date): Promise<string> {
  const path = rolloutPath(home, id, day);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, lines);
  return path;
}

export const append = appendFile;

/** An id like those of Codex: UUIDs. */
export function sessionIdOf(number: number): string {
  return `01997e76-0000-7000-8000-${String(number).padStart(12, '0')}`;
}
