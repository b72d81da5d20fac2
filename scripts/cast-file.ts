/** Casts: what a terminal was sent and when, as asciicast v2 (https://docs.asciinema.org/manual/asciicast/v2/). */

/** What a program wrote (`o`), a key that was pressed (`i`), or a moment with a name (`m`). */
export type CastEvent = readonly [seconds: number, code: 'o' | 'i' | 'm', data: string];

export interface Cast {
  readonly title: string;
  readonly columns: number;
  readonly rows: number;
  readonly events: readonly CastEvent[];
}

/** Returns a cast as the text of a file: a header, then a line for each event. It does not reveal when or where it was made. */
export function castText({ title, columns, rows, events }: Cast): string {
  const header = { version: 2, width: columns, height: rows, title, env: { TERM: 'xterm-256color' } };
  return [header, ...events].map((line) => `${JSON.stringify(line)}\n`).join('');
}

/** Reads a file that {@link castText} has written; if it is not one, throws with the line. */
export function readCast(text: string): Cast {
  const [header, ...events] = text.trimEnd().split('\n').map(parsedLine);
  if (!isHeader(header)) throw new Error('line 1: not the header of an asciicast v2');
  let last = 0;
  for (const [index, event] of events.entries()) {
    if (!isEvent(event)) throw new Error(`line ${index + 2}: not an event`);
    if (event[0] < last) throw new Error(`line ${index + 2}: earlier than the line before`);
    last = event[0];
  }
  const { title, width: columns, height: rows } = header;
  return { title, columns, rows, events: events.filter(isEvent) };
}

function parsedLine(line: string, index: number): unknown {
  try {
    return JSON.parse(line);
  } catch {
    throw new Error(`line ${index + 1}: not JSON`);
  }
}

function isHeader(value: unknown): value is { title: string; width: number; height: number } {
  if (typeof value !== 'object' || value === null) return false;
  const { version, width, height, title } = value as Record<string, unknown>;
  return version === 2 && Number.isInteger(width) && Number.isInteger(height) && typeof title === 'string';
}

function isEvent(value: unknown): value is CastEvent {
  if (!Array.isArray(value) || value.length !== 3) return false;
  const [seconds, code, data] = value;
  return Number.isFinite(seconds) && ['o', 'i', 'm'].includes(code) && typeof data === 'string';
}
