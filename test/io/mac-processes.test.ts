import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { createFakeClock } from '../../src/clock.ts';
import { createMacProcesses } from '../../src/io/mac-processes.ts';
import { createMacSystem, isProcessGone, livingOther } from '../../src/io/process-identity.ts';

/** What macOS' own programs print; `ps` is the machine's own, which prints the same. */
const PRINTED: Readonly<Record<string, string>> = {
  'sysctl -n kern.bootsessionuuid': '1C2A9B54-6B0E-4E1B-9C0F-0B6E3A1D5F77\n',
  'ioreg -rd1 -c IOPlatformExpertDevice': `+-o J314sAP  <class IOPlatformExpertDevice, id 0x100000218, registered>
    {
      "IOPlatformSerialNumber" = "C02XXXXXXXXX"
      "IOPlatformUUID" = "8A6D2F0E-3C8B-5D1A-9F1E-2B7C4D5E6F70"
    }
`,
};

function mac(printed = PRINTED) {
  const clock = createFakeClock();
  let calls = 0;
  const run = (program: string, args: readonly string[]) => {
    calls += 1;
    if (program !== 'ps') return printed[[program, ...args].join(' ')] ?? null;
    const env = { PATH: process.env.PATH, LC_ALL: 'C', TZ: 'UTC' };
    const { status, stdout } = spawnSync('ps', args, { encoding: 'utf8', env });
    return status === 0 ? stdout : null;
  };
  return { system: createMacSystem(createMacProcesses(run, clock)), clock, calls: () => calls };
}

describe('a process on macOS', () => {
  it('is there while it runs, is told from others with its number, and is gone when it has ended', async () => {
    const { system, clock } = mac();
    const other = spawn('sleep', ['60']);
    const pid = other.pid as number;
    const startTicks = system.stat(pid)?.startTicks as number;
    const identity = { ...system.own(), pid, startTicks };
    // Not by `ps` alone: what it says is when that was.
    expect(Math.abs(startTicks * 1000 - Date.now())).toBeLessThan(600_000);
    expect(isProcessGone(identity, system)).toBe(false);
    expect(livingOther(identity, system)).toBe(pid);
    expect(isProcessGone({ ...identity, startTicks: startTicks - 100 }, system)).toBe(true);
    expect(isProcessGone({ ...identity, boot: 'an earlier one' }, system)).toBe(true);
    expect(isProcessGone({ ...identity, machine: 'another one', boot: 'b' }, system)).toBe(false);
    other.kill('SIGKILL');
    await once(other, 'exit');
    expect(isProcessGone(identity, system)).toBe(true);
    clock.advance(15_000);
    expect(system.stat(pid)).toBe(null);
  });

  it('is itself, and hides what names the machine', () => {
    const { system } = mac();
    expect(system.own()).toMatchObject({ pid: process.pid, namespace: 'darwin' });
    expect(JSON.stringify(system.own())).not.toContain('8A6D2F0E');
    expect(isProcessGone(system.own(), system)).toBe(false);
  });

  it('is asked about each second, and a program run for it only now and then', () => {
    const { system, clock, calls } = mac();
    const own = system.own();
    const before = calls();
    for (let second = 0; second < 30; second += 1) {
      isProcessGone(own, system);
      clock.advance(1_000);
    }
    expect(calls() - before).toBeLessThanOrEqual(2);
  });

  it('is not known where the system does not say which boot or machine this is', () => {
    for (const missing of Object.keys(PRINTED)) {
      const { [missing]: _, ...rest } = PRINTED;
      expect(mac(rest).system.own()).toBe(null);
    }
  });

  it.each(['', 'Z', 'S+ yesterday', '  \n'])('is not known by what is no answer: "%s"', (told) => {
    expect(createMacProcesses(() => told).stat(1)).toBe(null);
  });

  it('has ended if only its parent has not asked how', () => {
    const { stat } = createMacProcesses(() => 'Z    Mon Nov  2 20:07:32 2026    \n');
    expect(stat(1)).toEqual({ startTicks: 1_793_650_052, isDead: true });
  });
});
