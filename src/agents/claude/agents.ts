import type { Clock } from '../../clock.ts';
import type { Problem } from '../../model/problem.ts';
import type { TaskDraft } from '../../sources/kit/task-draft.ts';
import type { Agents } from './agents-format.ts';
import { joinRows } from './join.ts';
import { NO_TIMELINE } from './kept-job.ts';
import type { ClaudeProgram } from './program.ts';

/** What the program itself knows if its files do not tell. */
export interface AskedAgents {
  /** The tasks that it last reported, and why it reported none. */
  readonly tasks: readonly TaskDraft[];
  readonly problem: Problem | null;
  /** Those of the tasks that are background jobs. */
  readonly jobIds: readonly string[];
  /** Asks again if it is time to. Only the first answer is waited for, because the files are shown meanwhile. */
  look(signal: AbortSignal): Promise<void>;
  /** Forgets the answer, because the files are complete again. */
  forget(): void;
}

/** The program takes about 200 ms of processor time for each answer. */
const EVERY_MS = 30_000;

export function createAskedAgents({
  program,
  clock,
  onNews,
}: {
  readonly program: ClaudeProgram;
  readonly clock: Clock;
  readonly onNews: () => void;
}): AskedAgents {
  let tasks: readonly TaskDraft[] = [];
  let problem: Problem | null = null;
  let jobIds: readonly string[] = [];
  let nextAt = Number.NEGATIVE_INFINITY;
  let isFirst = true;

  async function ask(signal: AbortSignal): Promise<void> {
    nextAt = Number.POSITIVE_INFINITY;
    const asked = await program.agents(signal);
    nextAt = clock.monotonic() + EVERY_MS;
    if (asked.kind === 'told') {
      tasks = rowsOf(asked.told, clock.now());
      jobIds = asked.told.jobs.map(({ id }) => id);
    }
    problem = asked.kind === 'told' ? null : { ...asked.problem, severity: 'degraded' };
  }

  return {
    get tasks() {
      return tasks;
    },
    get problem() {
      return problem;
    },
    get jobIds() {
      return jobIds;
    },
    async look(signal) {
      if (clock.monotonic() < nextAt || program.refusal() !== null || !(await program.isRunning())) return;
      const asking = ask(signal);
      if (!isFirst) return void asking.then(onNews);
      isFirst = false;
      await asking;
    },
    forget() {
      [tasks, jobIds, problem] = [[], [], null];
    },
  };
}

function rowsOf({ sessions, jobs }: Agents, nowMs: number): readonly TaskDraft[] {
  const kept = jobs.map((value) => ({
    state: { identity: '', modifiedAt: nowMs, value, problem: null },
    timeline: NO_TIMELINE,
  }));
  return joinRows({ sessions, jobs: kept, lists: new Map() }, nowMs).rows.map(withoutTimesOfAsking);
}

/** Removes times: when the program was asked says nothing about when something changed, ended or was asked. */
function withoutTimesOfAsking(row: TaskDraft): TaskDraft {
  const { state, question, startedAt } = row;
  return {
    ...row,
    state: 'endedAt' in state ? { ...state, endedAt: null } : state,
    updatedAt: startedAt,
    ...(question && { question: { ...question, askedAt: null } }),
  };
}
