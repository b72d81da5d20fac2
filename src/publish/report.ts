import type { Answer } from '../model/answer.ts';
import type { LogStream } from '../model/log.ts';
import type { StepStatus } from '../model/task.ts';

/** Publishes pieces of work in one way or another: a state file, a relay. Only `start` ever rejects. */
export interface Reporter {
  start(work: WorkToReport): Promise<Report>;
  /** Sends what is unsent, within a time limit, and closes what was opened. */
  close(): Promise<void>;
}

export interface WorkToReport {
  readonly title: string;
  /** The steps' names, in order; empty if they, and the progress, are not known yet. */
  readonly steps: readonly string[];
  /** How long it is expected to take, ms. */
  readonly expectedMs?: number;
  /** The directory in which it is done. */
  readonly cwd?: string;
  /** The id of the work that this repeats. */
  readonly retryOf?: string;
}

/** What a person who watches would like to know about the work, besides its progress. */
export interface WorkNews {
  /** The last line that it has printed. */
  readonly lastLine?: string;
  /** What it asks a person, and waits for; null once it continues. */
  readonly question?: string | null;
  /** How people who watch may answer that question: with which choices, or why not. */
  readonly answering?: { readonly choices: readonly string[]; readonly refusal: string | null };
  /** Why it is idle although it asks nobody; null once it continues. */
  readonly idle?: string | null;
}

/** One piece of work under way. */
export interface Report {
  /** The id by which others can cancel it or wait for it. Absent if it has only a name. */
  readonly id?: string;
  /** Aborts when somebody who watches cancels the work. */
  readonly signal: AbortSignal;
  /** Calls `listener` with the answers of people who watch. Absent if there cannot be any. */
  onAnswer?(listener: (answer: Answer) => void): void;
  /** Sets the steps if they become known only during the work; `weights` are their shares of the whole, equal by default. */
  setSteps(names: readonly string[], weights?: readonly number[]): void;
  /** `progress` is the step's own, 0–100. */
  step(
    index: number,
    status: Extract<StepStatus, 'running' | 'completed' | 'failed'>,
    progress?: number,
  ): void;
  /** Reports that the work is alive, and what is new. */
  tell(news: WorkNews): void;
  /** Keeps a copy of a piece of the work's output, if output is kept there. */
  output?(piece: Uint8Array, stream: LogStream): void;
  complete(result?: string): Promise<void>;
  fail(error: string): Promise<void>;
  cancel(): Promise<void>;
}

/** Reports to all of `reporters` at once; a cancellation at one of them cancels the work. */
export function createCombinedReporter(reporters: readonly Reporter[]): Reporter {
  return {
    async start(work) {
      const reports = await Promise.all(reporters.map((reporter) => reporter.start(work)));
      const all = async (tell: (report: Report) => Promise<void>) => {
        const told = await Promise.allSettled(reports.map(async (report) => tell(report)));
        for (const one of told) if (one.status === 'rejected') throw one.reason;
      };
      const id = reports.find((report) => report.id !== undefined)?.id;
      return {
        ...(id === undefined ? {} : { id }),
        signal: AbortSignal.any(reports.map((report) => report.signal)),
        onAnswer: (listener) => reports.forEach((report) => report.onAnswer?.(listener)),
        setSteps: (names, weights) => reports.forEach((report) => report.setSteps(names, weights)),
        step: (index, status, progress) => reports.forEach((report) => report.step(index, status, progress)),
        tell: (news) => reports.forEach((report) => report.tell(news)),
        output: (piece, stream) => reports.forEach((report) => report.output?.(piece, stream)),
        complete: (result) => all((report) => report.complete(result)),
        fail: (error) => all((report) => report.fail(error)),
        cancel: () => all((report) => report.cancel()),
      };
    },
    close: () => Promise.all(reporters.map((reporter) => reporter.close())).then(() => {}),
  };
}
