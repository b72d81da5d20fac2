import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Figure, median, short } from './figure.ts';
import { inScratchFolder, openTaskglass, pause } from './program.ts';

const HOOK = join(import.meta.dirname, '..', 'bin', 'claude-hook.js');
const ROUNDS = 15;
const HELD = 20;
/** An agent that continues this soon after its view was killed was not delayed: a process has to end in that time. */
const AT_ONCE_MS = 500;

/** Measures what a hook costs an agent: compared with a bare Node, and when the view that might have answered is killed. */
export function measureHook(): Promise<Figure[]> {
  return inScratchFolder(async (folder) => {
    mkdirSync(join(folder, 'run'), { mode: 0o700 });
    mkdirSync(join(folder, '.claude'));
    return [...costs(folder), await delayed(folder)];
  });
}

function costs(folder: string): Figure[] {
  const payload = JSON.stringify({
    session_id: 'bench',
    hook_event_name: 'Stop',
    cwd: folder,
    background_tasks: [],
  });
  hookMs(folder, [HOOK, '--taskglass', '0'], payload);
  const bare: number[] = [];
  const ours: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    bare.push(hookMs(folder, ['-e', '0'], payload));
    ours.push(hookMs(folder, [HOOK, '--taskglass', '0'], payload));
  }
  const [mine, node] = [median(ours), median(bare)];
  const measured = `${short(mine)} ms of the processor, ${short(mine / node)}× bare node (${short(node)} ms)`;
  return [{ what: 'a hook that notes a line', measured, value: mine, bound: 60, unit: ' ms' }];
}

/** Reports on descriptor 3, at the end of the process, how much processor time it took (µs). */
const TELLS_USAGE = `process.on('exit', () => {
  const { userCPUTime, systemCPUTime } = process.resourceUsage();
  require('node:fs').writeSync(3, String(userCPUTime + systemCPUTime));
});`;

function hookMs(folder: string, words: readonly string[], input: string): number {
  const preloaded = join(folder, 'tells-usage.cjs');
  writeFileSync(preloaded, TELLS_USAGE);
  const { status, output } = spawnSync(process.execPath, ['--require', preloaded, ...words], {
    env: environment(folder),
    input,
    stdio: ['pipe', 'ignore', 'inherit', 'pipe'],
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`${words.join(' ')} ended with ${status}`);
  return Number(output[3]) / 1000;
}

/** Kills a view while it could still answer twenty agents. */
async function delayed(folder: string): Promise<Figure> {
  const view = openTaskglass(folder, ['claude:'], { env: { TASKGLASS_HOME: folder } });
  const names = () => readdirSync(join(folder, 'run'));
  while (!names().some((name) => name.startsWith('claude-answers-'))) await pause(20);
  const heldBy = async (count: number) => {
    while (names().filter((name) => name.startsWith('claude-held-')).length < count) await pause(20);
  };
  const ends: Promise<number>[] = [];
  for (let at = 0; at < HELD; at++) {
    ends.push(holdRequest(folder, `agent-${at}`));
    await heldBy(at + 1);
  }
  const killedAt = performance.now();
  process.kill(view.pid, 'SIGKILL');
  const after = (await Promise.all(ends)).map((endedAt) => endedAt - killedAt);
  view.dispose();
  return {
    what: `${HELD} agents whose view is killed`,
    measured: `${after.filter((ms) => ms > AT_ONCE_MS).length} delayed (the last goes on after ${short(Math.max(...after))} ms)`,
    value: after.filter((ms) => ms > AT_ONCE_MS).length,
    bound: 0,
    unit: '',
  };
}

/** Resolves with the time at which a held hook ended, if it ended as it must: without a decision. */
function holdRequest(folder: string, session: string): Promise<number> {
  const payload = {
    session_id: session,
    hook_event_name: 'PermissionRequest',
    tool_name: 'Bash',
    tool_input: { command: 'true' },
  };
  const hook = spawn(process.execPath, [HOOK, '--taskglass', '0', '--hold', '60'], {
    env: environment(folder),
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  let said = '';
  hook.stdout.on('data', (piece) => {
    said += piece;
  });
  hook.stdin.end(JSON.stringify(payload));
  return new Promise((resolve, reject) => {
    hook.once('close', (code) => {
      if (code === 0 && said === '') resolve(performance.now());
      else reject(new Error(`a hook ended with ${code}: ${said}`));
    });
  });
}

function environment(folder: string): NodeJS.ProcessEnv {
  return { HOME: folder, PATH: process.env.PATH, TASKGLASS_HOME: folder };
}
