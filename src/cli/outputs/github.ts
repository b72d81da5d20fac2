import { fstatSync } from 'node:fs';
import { appendOnce } from '../../io/append-once.ts';
import type { Io } from '../../io/io.ts';
import { say } from '../../io/print.ts';
import { errorMessage, problem } from '../../model/problem.ts';
import { withoutAddressSecrets } from '../../model/shown-url.ts';
import { type PlainText, plainName, words } from '../../model/text.ts';
import { durationText } from '../../present/duration.ts';
import { cut } from '../../present/fit.ts';
import { type AnnotationLevel, annotationLine } from '../../present/github-annotation.ts';
import { jobSummary, type TaskSummary } from '../../present/job-summary.ts';
import type { Settings } from '../config/settings.ts';
import { complain } from '../process/exit.ts';

/** Reports to GitHub the state of the tasks that a job ran: annotations on stderr, and the step's summary. */
export interface GithubReport {
  /** `isLineOpen`: the last output on stderr did not end with a line break. */
  tell(tasks: readonly TaskSummary[], told?: { readonly isLineOpen?: boolean }): void;
}

/** GitHub shows at most this many annotations of one level for a step. */
const MOST_OF_A_LEVEL = 10;
/** GitHub accepts no longer summary. */
const SUMMARY_LIMIT_BYTES = 1024 * 1024;
const TITLE_WIDTH = 200;

/** Returns null outside GitHub Actions, or if annotations are switched off. */
export function openGithubReport(
  { annotations }: Pick<Settings, 'annotations'>,
  io: Io,
): GithubReport | null {
  if (io.env.GITHUB_ACTIONS !== 'true' || annotations === 'off') return null;
  return {
    tell(given, { isLineOpen = false } = {}) {
      const tasks = given.map(withoutSecretsIn);
      const lines = linesOf(tasks, annotations === 'all');
      if (lines.length > 0 && isRead(io)) {
        if (isLineOpen) say(io, words``);
        for (const line of lines) say(io, line);
      }
      if (tasks.length > 0) appendSummary(tasks, io);
    },
  };
}

/**
 * Tells whether GitHub reads stderr. In a file, annotations would not be found by the runner, and would clutter somebody's
 * output.
 */
function isRead({ stderr }: Io): boolean {
  try {
    return !('fd' in stderr && fstatSync(Number(stderr.fd)).isFile());
  } catch {
    return true;
  }
}

function withoutSecretsIn({ name, why, ...rest }: TaskSummary): TaskSummary {
  return {
    ...rest,
    name: withoutAddressSecrets(name),
    why: why && withoutAddressSecrets(why),
  };
}

function linesOf(tasks: readonly TaskSummary[], isAll: boolean): PlainText[] {
  const levels = Map.groupBy(tasks, levelOf);
  return [...levels].flatMap(([level, all]) => {
    if (level === 'notice' && !isAll) return [];
    const shown = all.length > MOST_OF_A_LEVEL ? all.slice(0, MOST_OF_A_LEVEL - 1) : all;
    const lines = shown.map((task) => annotationLine(level, titleOf(task), task.why ?? task.name));
    const more = all.length - shown.length;
    return more === 0 ? lines : [...lines, annotationLine(level, words`${more} more tasks`, MORE)];
  });
}

const MORE = words`the summary of the job lists them`;

function levelOf({ status }: TaskSummary): AnnotationLevel {
  if (status === 'failed') return 'error';
  return status === 'completed' ? 'notice' : 'warning';
}

/** Returns `make -j4: failed after 3m12s`. */
function titleOf({ name, status, durationMs }: TaskSummary): PlainText {
  const after = durationMs === null ? words`` : words` after ${durationText(durationMs)}`;
  return words`${cut(name, TITLE_WIDTH)}: ${HOW[status]}${after}`;
}

const HOW: Readonly<Record<TaskSummary['status'], PlainText>> = {
  queued: words`has not begun`,
  running: words`has not ended`,
  waiting: words`waits`,
  'needs-input': words`needs input`,
  completed: words`completed`,
  failed: words`failed`,
  cancelled: words`was cancelled`,
};

function appendSummary(tasks: readonly TaskSummary[], io: Io): void {
  const path = io.env.GITHUB_STEP_SUMMARY;
  if (!path) return;
  let isFull = false;
  try {
    appendOnce(path, (size) => {
      const summary = jobSummary(tasks, SUMMARY_LIMIT_BYTES - size);
      isFull = summary === null;
      return summary;
    });
  } catch (error) {
    complain(io, summaryNotWritten(path, error));
    return;
  }
  if (isFull) complain(io, summaryIsFull(path));
}

function summaryNotWritten(path: string, error: unknown) {
  const message = words`the job summary cannot be appended to ${plainName(path)}: ${plainName(errorMessage(error))}`;
  return problem('refused', 'degraded', message, OR_OFF);
}

const OR_OFF = words`correct GITHUB_STEP_SUMMARY, or use --annotations off`;

function summaryIsFull(path: string) {
  const message = words`${plainName(path)} has no room for the summary: GitHub takes at most 1 MiB of a step`;
  return problem('refused', 'degraded', message, 'use another step, or --annotations off');
}
