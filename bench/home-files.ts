import {
  closeSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';

/** How much the measured home contains. */
export const HOME_SIZES = { sessions: 60, checklists: 400, rollouts: 200, beads: 3_000 } as const;
/** One rollout is as large as one with pictures in it; the file is sparse. */
const LARGEST_ROLLOUT_BYTES = 2 * 1024 ** 3;
const BOXES = 40;
const SPECS_A_PROJECT = 10;
const MINUTE_MS = 60_000;

/** Fills a home like that of somebody who works with agents: sessions, rollouts, checklists, issues. */
export function makeHome(home: string, nowMs: number): void {
  makeClaude(home, nowMs);
  makeRollouts(home, nowMs);
  const daysAgo = new Date(nowMs - 3 * 24 * 60 * MINUTE_MS);
  for (let spec = 0; spec < HOME_SIZES.checklists; spec += 1)
    utimesSync(writeChecklist(home, spec, spec % (BOXES - 10)), daysAgo, daysAgo);
  makeBeads(home, nowMs);
}

/** Returns the name under which a checklist is shown. */
function specName(spec: number): string {
  return `${String(spec).padStart(3, '0')}-spec`;
}

/** Returns the text of the box with this number, so that it can be found on a screen. */
export function boxName(spec: number, box: number): string {
  return `S${spec} box ${box}.`;
}

/** Writes a checklist with that many boxes ticked, in place, as an agent does. Returns its path. */
export function writeChecklist(home: string, spec: number, ticked: number): string {
  const project = join(home, `project-${Math.floor(spec / SPECS_A_PROJECT)}`);
  const boxes = Array.from(
    { length: BOXES },
    (_, box) => `- [${box < ticked ? 'x' : ' '}] ${boxName(spec, box)}`,
  );
  const path = join(project, 'specs', specName(spec), 'tasks.md');
  put(path, `# Tasks\n\n${boxes.join('\n')}\n`);
  return path;
}

function put(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

/** A third of the sessions are living processes (any of this machine's), the others background jobs. */
function makeClaude(home: string, nowMs: number): void {
  const root = join(home, '.claude');
  const live = livingProcesses().slice(0, HOME_SIZES.sessions / 3);
  for (const [index, { pid, procStart }] of live.entries()) {
    const session = {
      pid,
      procStart,
      sessionId: `session-${index}`,
      cwd: join(home, `project-${index}`),
      startedAt: nowMs - 60 * MINUTE_MS,
      version: '2.1.300',
      kind: 'interactive',
      name: `Session ${index}`,
      status: index % 3 === 0 ? 'busy' : 'idle',
      updatedAt: nowMs,
      statusUpdatedAt: nowMs - index * MINUTE_MS,
    };
    put(join(root, 'sessions', `${pid}.json`), JSON.stringify(session));
  }
  for (let index = live.length; index < HOME_SIZES.sessions; index += 1) {
    const id = index.toString(16).padStart(8, '0');
    const job = {
      state: index % 4 === 0 ? 'done' : 'stopped',
      tempo: 'idle',
      detail: 'ended',
      output: { result: `result ${index}` },
      fan: [
        {
          id: 'a',
          kind: 'agent',
          label: 'look',
          startedAt: nowMs - 9 * MINUTE_MS,
          doneAt: nowMs - MINUTE_MS,
        },
      ],
      tokens: 1234,
      name: `Job ${index}`,
      intent: 'do it',
      sessionId: `session-${index}`,
      cwd: join(home, `project-${index % 40}`),
      template: 'bg',
      createdAt: nowMs - 10 * MINUTE_MS,
      updatedAt: nowMs - MINUTE_MS,
      lastTerminalAt: nowMs - MINUTE_MS,
    };
    put(join(root, 'jobs', id, 'state.json'), JSON.stringify(job));
  }
}

/** Returns processes of this machine, the longest-lived first, each with the kernel's timestamp of its start. */
function livingProcesses(): { pid: number; procStart: string }[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/u.test(name))
    .sort((a, b) => Number(a) - Number(b))
    .flatMap((name) => {
      try {
        const fields = readFileSync(`/proc/${name}/stat`, 'utf8')
          .replace(/^.*\) /su, '')
          .split(' ');
        return [{ pid: Number(name), procStart: fields[19] ?? '' }];
      } catch {
        return []; // it has ended meanwhile
      }
    });
}

function makeRollouts(home: string, nowMs: number): void {
  for (let index = 0; index < HOME_SIZES.rollouts; index += 1) {
    const at = new Date(nowMs - index * 30 * MINUTE_MS);
    const [day = '', time = ''] = at.toISOString().slice(0, 19).split('T');
    const id = `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`;
    const name = `rollout-${day}T${time.replaceAll(':', '-')}-${id}.jsonl`;
    const path = join(home, '.codex/sessions', ...day.split('-'), name);
    const line = (type: string, payload: object) =>
      `${JSON.stringify({ timestamp: at.toISOString(), type, payload })}\n`;
    const first = line('session_meta', {
      id,
      cwd: join(home, 'project-1'),
      originator: 'codex_cli',
      cli_version: '0.50.0',
    });
    const plan = [
      { step: 'Look', status: 'completed' },
      { step: 'Mend', status: 'in_progress' },
    ];
    const rest =
      line('event_msg', { type: 'task_started', turn_id: 't', started_at: Math.floor(at.getTime() / 1000) }) +
      line('response_item', {
        type: 'function_call',
        name: 'update_plan',
        arguments: JSON.stringify({ plan }),
        call_id: 'c',
      }) +
      line('event_msg', {
        type: 'task_complete',
        turn_id: 't',
        duration_ms: 1000,
        last_agent_message: 'Done',
      });
    put(path, first + rest);
    if (index === 0) makeHuge(path, first, rest);
  }
}

/** There is a line of two gigabytes between the beginning and the end. */
function makeHuge(path: string, first: string, rest: string): void {
  const file = openSync(path, 'w');
  writeSync(file, first);
  ftruncateSync(file, LARGEST_ROLLOUT_BYTES);
  writeSync(file, `\n${rest}`, LARGEST_ROLLOUT_BYTES);
  closeSync(file);
}

function makeBeads(home: string, nowMs: number): void {
  const issues = Array.from({ length: HOME_SIZES.beads }, (_, index) =>
    JSON.stringify({
      id: `bd-${index.toString(36)}`,
      title: `Issue ${index}`,
      status: index % 300 === 0 ? 'in_progress' : index % 3 === 0 ? 'open' : 'closed',
      priority: index % 5,
      issue_type: 'task',
      created_at: new Date(nowMs - 100 * MINUTE_MS).toISOString(),
      updated_at: new Date(nowMs - (index + 60) * MINUTE_MS).toISOString(),
      ...(index % 300 !== 0 &&
        index % 3 !== 0 && { closed_at: new Date(nowMs - (index + 60) * MINUTE_MS).toISOString() }),
    }),
  );
  put(join(home, 'issues', '.beads', 'issues.jsonl'), `${issues.join('\n')}\n`);
}
