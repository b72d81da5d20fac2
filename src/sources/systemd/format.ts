import { jsonObject } from '../../model/json.ts';
import { readMoment } from '../../model/moment.ts';
import { plainNameOrNull } from '../../model/text.ts';

/** A service in the form of `systemctl list-units`. */
export interface ListedUnit {
  readonly id: string;
  readonly active: string;
  readonly sub: string;
}

/** What `systemctl show` says about a unit, by the names of its properties. */
export type UnitFacts = Readonly<Record<string, string>>;

/** The properties that are requested. The environment is not among them. */
export const UNIT_PROPERTIES = [
  'Id',
  'Description',
  'LoadState',
  'ActiveState',
  'SubState',
  'Result',
  'Type',
  'Transient',
  'TriggeredBy',
  'ExecMainStartTimestamp',
  'ExecMainExitTimestamp',
  'InactiveEnterTimestamp',
  'ExecMainCode',
  'ExecMainStatus',
  'MainPID',
  'NRestarts',
  'WorkingDirectory',
] as const;

/** No machine has more services or timers. */
const MOST_UNITS = 10_000;
const UNIT_NAME = /^[\w:.\\@-]{1,255}\.service$/u;

/** Tells whether a name is that of a service: nothing else is put on a command line. */
function isServiceName(name: unknown): name is string {
  return typeof name === 'string' && UNIT_NAME.test(name);
}

/** Reads what `systemctl list-units --output=json` prints; null for anything else. */
export function decodeUnits(document: unknown): readonly ListedUnit[] | null {
  if (!Array.isArray(document)) return null;
  const listed = document.slice(0, MOST_UNITS).map(jsonObject);
  if (!listed.every((unit) => typeof unit?.unit === 'string')) return null;
  return listed.flatMap((unit) =>
    isServiceName(unit?.unit)
      ? [{ id: unit.unit, active: plainNameOrNull(unit.active) ?? '', sub: plainNameOrNull(unit.sub) ?? '' }]
      : [],
  );
}

/** Reads from `systemctl list-timers --output=json` when each service runs next, epoch ms; null for anything else. */
export function decodeTimers(document: unknown): ReadonlyMap<string, number | null> | null {
  if (!Array.isArray(document)) return null;
  const listed = document.slice(0, MOST_UNITS).map(jsonObject);
  if (!listed.every((timer) => typeof timer?.unit === 'string')) return null;
  return new Map(
    listed.flatMap((timer) =>
      isServiceName(timer?.activates) ? [[timer.activates, nextOf(timer.next)] as const] : [],
    ),
  );
}

/** Reads microseconds since 1970; null if the timer is not waiting. */
function nextOf(raw: unknown): number | null {
  const microseconds = Number(typeof raw === 'number' || typeof raw === 'string' ? raw : Number.NaN);
  return microseconds > 0 && microseconds < 8.64e18 ? Math.round(microseconds / 1000) : null;
}

/** Reads what `systemctl show` prints: a block of `Name=value` lines for each unit. */
export function decodeShow(text: string): readonly UnitFacts[] {
  const blocks = text.split(/\n\s*\n/u).slice(0, MOST_UNITS);
  return blocks
    .map((block) =>
      Object.fromEntries(
        block.split('\n').flatMap((line) => {
          const at = line.indexOf('=');
          return at > 0 ? [[line.slice(0, at), line.slice(at + 1)]] : [];
        }),
      ),
    )
    .filter(({ Id }) => isServiceName(Id));
}

/** Reads a moment as `--timestamp=unix` prints it: `@1796012357`. */
export function unixMoment(raw: string | undefined): number | null {
  return raw?.startsWith('@') ? readMoment(raw.slice(1)) : null;
}
