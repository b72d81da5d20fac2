/** The format's times: local time of the machine that wrote them, with microseconds and no zone. */

/** Epoch ms of a naive local time (or of one with a zone, which some hands add); null for anything else. */
export function parseNaiveTime(raw: unknown): number | null {
  if (typeof raw !== 'string' || raw.length > 40) return null;
  // A date alone would be read as UTC.
  const ms = Date.parse(/^\d{4}-\d\d-\d\d$/u.test(raw) ? `${raw}T00:00:00` : raw);
  return Number.isFinite(ms) && ms > 0 ? ms : null;
}

/** `2026-11-21T07:43:42.382000` for epoch ms, in this machine's zone. */
export function formatNaiveTime(ms: number): string {
  const at = new Date(ms);
  const two = (value: number) => String(value).padStart(2, '0');
  const date = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  const time = `${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`;
  return `${date}T${time}.${String(at.getMilliseconds()).padStart(3, '0')}000`;
}
