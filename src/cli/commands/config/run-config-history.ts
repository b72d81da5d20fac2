import { existsSync, rmSync } from 'node:fs';
import type { Io } from '../../../io/io.ts';
import { print, printJson, say } from '../../../io/print.ts';
import { type Problem, problem } from '../../../model/problem.ts';
import { joined, type PlainText, plainName, words } from '../../../model/text.ts';
import { plural } from '../../../present/count.ts';
import { bandScoreText, jobLines } from '../../../present/history-table.ts';
import { lineText } from '../../../present/line.ts';
import { historyFile } from '../../../session/history.ts';
import { databaseProblem } from '../../../storage/database-problem.ts';
import { openRunHistory, type RunHistoryStore } from '../../../storage/run-history.ts';
import {
  bandScore,
  forgetAll,
  forgetJob,
  listJobs,
  pruneHistory,
  type RememberedJob,
} from '../../../storage/run-history-report.ts';
import { tableWidth, wantsAscii } from '../../process/appearance.ts';
import { complain, EXIT, refuse } from '../../process/exit.ts';
import { shownPath } from '../../process/shown-path.ts';

/** The options of `taskglass config history`. */
export interface HistoryOptions {
  readonly json?: boolean;
  readonly prune?: boolean;
  /** A job's number or name; true if neither was given. */
  readonly forget?: string | true;
  readonly all?: boolean;
}

/** `--prune` removes older runs: they say nothing about today. */
const KEPT_MS = 365 * 24 * 3_600_000;

/** Prints the runs that the ETAs have learned from, and how well those ETAs held; or forgets some of them. */
export async function runConfigHistory(options: HistoryOptions, io: Io): Promise<number> {
  const wrong = misuse(options);
  if (wrong) return refuse(io, wrong, EXIT.usage);
  const file = historyFile(io);
  if (!existsSync(file)) return sayEmpty(file, options, io);
  let history: RunHistoryStore | null = null;
  try {
    history = openRunHistory(file);
    if (options.prune) return prune(history, io);
    if (options.forget !== undefined) return forget(history, options, io);
    show(history, file, options, io);
    return EXIT.ok;
  } catch (error) {
    const said = databaseProblem(error, file);
    if (!said) throw error;
    if (options.all && said.kind === 'malformed') return removeFile(file, io);
    return refuse(io, said, EXIT.usage);
  } finally {
    history?.close();
  }
}

function misuse({ forget, all, prune }: HistoryOptions): Problem | null {
  if (forget === true && !all)
    return wrongUse(words`--forget: which job?`, words`its number or name, or --forget --all`);
  if (all && forget !== true) return wrongUse(words`--all only goes with --forget`, words`--forget --all`);
  if (prune && forget !== undefined)
    return wrongUse(words`--prune and --forget: one at a time`, words`prune first`);
  return null;
}

function wrongUse(what: PlainText, hint: PlainText): Problem {
  return problem('malformed', 'down', words`config history: ${what}`, hint);
}

function show(history: RunHistoryStore, file: string, { json }: HistoryOptions, io: Io): void {
  const jobs = listJobs(history.database);
  const score = bandScore(history.database);
  if (json) {
    printJson(io, { path: file, score, jobs });
    return;
  }
  const context = {
    width: tableWidth(io),
    ascii: wantsAscii(undefined, io),
    nowMs: io.clock.now(),
  };
  const lines = [
    words`file: ${plainName(file)}`,
    ...(jobs.length > 0 ? [words``, ...jobLines(jobs.map(withShortDirectory), context).map(lineText)] : []),
  ];
  print(io, ...lines, words``, bandScoreText(score));
}

function withShortDirectory(job: RememberedJob): RememberedJob {
  return { ...job, cwd: shownPath(job.cwd) };
}

function sayEmpty(file: string, { json }: HistoryOptions, io: Io): number {
  const score = { foretold: 0, held: 0 };
  if (json) printJson(io, { path: file, score, jobs: [] });
  else print(io, words`file: ${plainName(file)} (not there yet)`, words``, bandScoreText(score));
  return EXIT.ok;
}

function prune({ database }: RunHistoryStore, io: Io): number {
  const { runs, jobs } = pruneHistory(database, io.clock.now() - KEPT_MS);
  say(
    io,
    words`taskglass: config history: removed ${plural(runs, 'run')} that ended more than a year ago, and ${plural(jobs, 'job')}`,
  );
  return EXIT.ok;
}

function forget({ database }: RunHistoryStore, { all, forget: which }: HistoryOptions, io: Io): number {
  if (all) {
    const count = forgetAll(database, io.clock.now());
    say(io, words`taskglass: config history: forgot ${plural(count, 'job')}`);
    return EXIT.ok;
  }
  const jobs = listJobs(database).filter((job) => isMeant(job, String(which)));
  const [job, other] = jobs;
  if (!job) return refuse(io, noJob(String(which)), EXIT.usage);
  if (other) return refuse(io, severalJobs(String(which), jobs), EXIT.usage);
  forgetJob(database, job.id, io.clock.now());
  say(io, words`taskglass: config history: forgot ${plainName(job.name)}`);
  return EXIT.ok;
}

function isMeant(job: RememberedJob, which: string): boolean {
  return String(job.id) === which || job.name === which.toLowerCase();
}

/** Forgets an unreadable history by removing its files. */
function removeFile(file: string, io: Io): number {
  for (const each of [file, `${file}-wal`, `${file}-shm`]) rmSync(each, { force: true });
  complain(io, { message: plainName(`config history: ${file} was removed because it could not be read`) });
  return EXIT.ok;
}

function noJob(which: string): Problem {
  return problem(
    'missing',
    'down',
    plainName(`config history: no job ${which}`),
    'taskglass config history lists them, each with its number',
  );
}

function severalJobs(which: string, jobs: readonly RememberedJob[]): Problem {
  const numbers = joined(
    jobs.map(({ id }) => words`${id}`),
    ', ',
  );
  return problem(
    'malformed',
    'down',
    plainName(`config history: several jobs are called ${which}`),
    words`name one by its number: ${numbers}`,
  );
}
