import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type Figure, short } from './figure.ts';
import { inScratchFolder, openTaskglass, pause, quit } from './program.ts';

/** Long enough for two looks at the slowest. */
const WATCHED_S = 130;
const TASKS = 20;

/** What each program answers: twenty tasks that have ended, so that it is asked as rarely as possible. */
const PROGRAMS: readonly { readonly source: string; readonly program: string; readonly script: string }[] = [
  { source: 'gh:ann/door', program: 'gh', script: 'cat "$0.json"' },
  { source: 'slurm:', program: 'squeue', script: 'cat "$0.json"' },
  { source: 'pueue:', program: 'pueue', script: 'cat "$0.json"' },
  {
    source: 'systemd:',
    program: 'systemctl',
    script: 'case "$2" in show) cat "$0.show";; list-units) cat "$0.json";; *) echo "[]";; esac',
  },
];

/** Measures what a view costs while a program is asked that has no news: our part, and the total with the program itself. */
export async function measureAsked(): Promise<Figure[]> {
  return (await Promise.all(PROGRAMS.map(measureProgram))).flat();
}

function measureProgram({ source, program, script }: (typeof PROGRAMS)[number]): Promise<Figure[]> {
  return inScratchFolder(async (folder) => {
    const bin = join(folder, 'bin');
    mkdirSync(bin);
    const file = join(bin, program);
    writeFileSync(file, `#!/bin/sh\necho asked >> "$0.asked"\n${script}\n`);
    chmodSync(file, 0o755);
    writeFileSync(`${file}.json`, JSON.stringify(answerOf(program)));
    writeFileSync(`${file}.show`, Array.from({ length: TASKS }, (_, id) => shownUnit(id)).join('\n\n'));
    const terminal = openTaskglass(folder, [source], {
      env: { PATH: `${bin}${delimiter}${process.env.PATH}` },
    });
    await terminal.until('work 1');
    await pause(4_000);
    const [before, asked] = [usedBy(terminal.pid), countAsked(file)];
    await pause(WATCHED_S * 1000);
    const after = usedBy(terminal.pid);
    const times = countAsked(file) - asked;
    await quit(terminal);
    const percent = (100 * (after.own - before.own)) / WATCHED_S;
    const all = (100 * (after.all - before.all)) / WATCHED_S;
    const what = `${source} at rest (${times} calls of ${program} in ${WATCHED_S} s)`;
    const measured = `${short(percent)} % CPU (${short(all)} % with the programs started)`;
    return [{ what, measured, value: percent, bound: 0.3, unit: ' %' }];
  });
}

function countAsked(file: string): number {
  return readFileSync(`${file}.asked`, 'utf8').split('\n').length - 1;
}

/** Returns the processor time of a process so far, s: its own, and that with all children that have ended. */
function usedBy(pid: number): { readonly own: number; readonly all: number } {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\)/su, '')
    .trim()
    .split(' ')
    .map(Number);
  // utime, stime, cutime, cstime, in hundredths
  const [user = 0, system = 0, children = 0, theirs = 0] = fields.slice(11, 15);
  return { own: (user + system) / 100, all: (user + system + children + theirs) / 100 };
}

function answerOf(program: string): unknown {
  const ids = Array.from({ length: TASKS }, (_, id) => id);
  const at = '2026-11-29T10:00:00Z';
  switch (program) {
    case 'pueue': {
      const done = { enqueued_at: at, start: at, end: at, result: 'Success' };
      const tasks = ids.map((id) => [id, { id, command: `work ${id}`, status: { Done: done }, envs: {} }]);
      return { tasks: Object.fromEntries(tasks), groups: { default: { status: 'Running' } } };
    }
    case 'squeue': {
      const job = { job_state: 'COMPLETED', start_time: 1_796_000_000, end_time: 1_796_000_060 };
      return { meta: {}, jobs: ids.map((id) => ({ ...job, job_id: id + 1, name: `work ${id}` })) };
    }
    case 'gh': {
      const run = { status: 'completed', conclusion: 'cancelled', createdAt: at, updatedAt: at, jobs: [] };
      return ids.map((id) => ({ ...run, databaseId: id + 1, workflowName: `work ${id}` }));
    }
    default:
      return ids.map((id) => ({ unit: `work${id}.service`, active: 'failed', sub: 'failed' }));
  }
}

function shownUnit(id: number): string {
  return `Id=run-${id}.service\nDescription=work ${id}\nActiveState=failed\nResult=exit-code\nExecMainStatus=1`;
}
