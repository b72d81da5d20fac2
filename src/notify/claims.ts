import { createHash } from 'node:crypto';
import path from 'node:path';
import type { Clock } from '../clock.ts';
import { replaceFile } from '../io/atomic-file.ts';
import { withFileLock } from '../io/file-lock.ts';
import { readWhole } from '../io/read-file.ts';
import { jsonObject, readJson } from '../model/json.ts';
import { userDirectories } from '../storage/directories.ts';
import type { Environment } from '../storage/home.ts';
import { makePrivateDirectory } from '../storage/private-directory.ts';
import { makeRuntimeDirectory } from '../storage/runtime-directory.ts';
import type { Condition } from './event.ts';

/** Ensures that of several taskglasses that notify in the same way, only one does. */
export interface Claims {
  /** Returns the conditions for us to report: those that nobody else has reported in this way. */
  claim(channel: string, conditions: readonly Condition[]): Promise<readonly Condition[]>;
}

/** How long a report of the same place counts: no taskglass reports a place more often. */
const SAME_PLACE_MS = 55_000;
/** How long a report with the same stamp counts: a taskglass that looks rarely may notice it much later. */
const SAME_STAMP_MS = 3_600_000;
const FILE = 'notified.json';

interface Claim {
  readonly at: number;
  readonly by: string;
  readonly what: string;
}

/**
 * Keeps the claims in a file in the runtime directory, which names no task. Without such a directory, everything is ours to
 * report: twice is better than not at all.
 */
export function createClaims(options: {
  readonly env: Environment;
  readonly clock: Clock;
  /** Tells this taskglass from all others. */
  readonly holder: string;
}): Claims {
  const { env, clock, holder } = options;
  const found = findDirectory(env);

  return {
    async claim(channel, conditions) {
      const directory = await found;
      if (directory === null || conditions.length === 0) return conditions;
      const file = path.join(directory, FILE);
      try {
        return await withFileLock(file, { clock }, async () => {
          const claims = freshOnly(await readClaims(file), clock.now());
          const ours = conditions.filter((each) => !isTaken(claims.get(keyOf(channel, each)), each));
          for (const each of ours)
            claims.set(keyOf(channel, each), { at: clock.now(), by: holder, what: hash(whatOf(each)) });
          await replaceFile(file, JSON.stringify(Object.fromEntries(claims)), {
            mode: 0o600,
            synchronised: 'whenever',
          });
          return ours;
        });
      } catch {
        return conditions;
      }
    },
  };

  function isTaken(claim: Claim | undefined, condition: Condition): boolean {
    if (!claim || claim.by === holder) return false;
    if (clock.now() - claim.at < SAME_PLACE_MS) return true;
    return condition.stamp !== null && claim.what === hash(whatOf(condition));
  }
}

/** A directory that is fit for sockets is fit for a file. */
async function findDirectory(env: Environment): Promise<string | null> {
  try {
    return await makeRuntimeDirectory(env);
  } catch {
    const directory = path.join(userDirectories(env).state, 'run');
    return makePrivateDirectory(directory).then(
      () => directory,
      () => null,
    );
  }
}

function keyOf(channel: string, { event, place }: Condition): string {
  return hash(`${channel} ${event} ${place}`);
}

function whatOf({ signature, stamp }: Condition): string {
  return `${stamp} ${signature}`;
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('base64url').slice(0, 22);
}

/** A claim from the future was made before the clock was set back. */
function freshOnly(claims: ReadonlyMap<string, Claim>, nowMs: number): Map<string, Claim> {
  return new Map([...claims].filter(([, { at }]) => at <= nowMs && nowMs - at < SAME_STAMP_MS));
}

async function readClaims(file: string): Promise<Map<string, Claim>> {
  const found = await readWhole(file);
  const text = 'bytes' in found ? found.bytes.toString() : '';
  const claims = new Map<string, Claim>();
  for (const [key, raw] of Object.entries(jsonObject(readJson(text)) ?? {})) {
    const { at, by, what } = jsonObject(raw) ?? {};
    if (typeof at === 'number' && typeof by === 'string' && typeof what === 'string')
      claims.set(key, { at, by, what });
  }
  return claims;
}
