import { spawnSync } from 'node:child_process';
import { backgroundClock, type Clock } from '../clock.ts';

/** When a process started, and whether it is a zombie: it has ended, but its parent has not collected its status. */
export interface ProcessStat {
  readonly startTicks: number;
  readonly isDead: boolean;
}

/** Runs a program of the system and returns what it prints; null if it fails. */
export type RunProgram = (program: string, args: readonly string[]) => string | null;

/** What macOS tells about processes: through programs, not through files as on Linux. */
export interface MacProcesses {
  /** Returns null if there is no such process. Start times are in epoch seconds. */
  stat(pid: number): ProcessStat | null;
  /** Return the ids of this boot and of the machine; null if they are not known. */
  boot(): string | null;
  machine(): string | null;
}

/** How long answers are cached: each run on the screen asks once a second, and each question runs a program. */
const ASKED_AGAIN_MS = 15_000;
const MOST_KEPT = 1_000;

export function createMacProcesses(run: RunProgram = runHere, clock: Clock = backgroundClock): MacProcesses {
  const kept = new Map<number, { readonly stat: ProcessStat | null; readonly at: number }>();
  return {
    stat(pid) {
      const known = kept.get(pid);
      if (known && clock.monotonic() - known.at < ASKED_AGAIN_MS) return known.stat;
      const stat = readStat(run('ps', ['-o', 'stat=', '-o', 'lstart=', '-p', `${pid}`]));
      if (kept.size >= MOST_KEPT) kept.clear();
      kept.set(pid, { stat, at: clock.monotonic() });
      return stat;
    },
    boot: () => run('sysctl', ['-n', 'kern.bootsessionuuid'])?.trim() || null,
    machine() {
      const told = run('ioreg', ['-rd1', '-c', 'IOPlatformExpertDevice']) ?? '';
      return /"IOPlatformUUID" = "([^"]+)"/u.exec(told)?.[1] ?? null;
    },
  };
}

/** Reads `Ss   Mon Nov 30 20:07:32 2026`, as printed in English and in UTC. */
function readStat(told: string | null): ProcessStat | null {
  const [, state, start = ''] = /^\s*(\S+)\s+(\S.*\S)\s*$/u.exec(told ?? '') ?? [];
  const startMs = Date.parse(`${start.replace(/\s+/gu, ' ')} UTC`);
  if (state === undefined || !Number.isSafeInteger(startMs)) return null;
  return { startTicks: startMs / 1000, isDead: state.startsWith('Z') };
}

function runHere(program: string, args: readonly string[]): string | null {
  const env = { PATH: '/usr/bin:/bin:/usr/sbin:/sbin', LC_ALL: 'C', TZ: 'UTC' };
  // Detached as in apart.ts, which is not imported because the library would load it for this alone.
  const options = { detached: true, encoding: 'utf8', env, timeout: 2_000 } as const;
  const { status, stdout } = spawnSync(program, args, options);
  return status === 0 ? stdout : null;
}
