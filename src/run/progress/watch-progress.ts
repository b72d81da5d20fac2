import type { Io } from '../../io/io.ts';
import type { Report } from '../../publish/report.ts';
import type { FindInLines } from './cautious-find.ts';
import { createProgramSpeech, type ProgramSpeech } from './program-speech.ts';
import { createProgressReader } from './progress-reader.ts';
import { createProgressReport, type ProgressReport } from './report-progress.ts';

/** Where progress is looked for: nowhere, in what matches the user's pattern, or in everything that is understood. */
export type ProgressSearch = 'off' | 'all' | { readonly find: FindInLines };

/** Looks for a command's progress from its start to its end, and reports it. */
export interface ProgressWatch extends ProgressReport {
  /** null if the command must not notice anything. */
  readonly speech: ProgramSpeech | null;
}

export function watchProgress(options: {
  readonly search: ProgressSearch;
  readonly report: Report;
  readonly title: string;
  readonly io: Io;
  /** Our terminal shows program statuses (OSC 7501) itself, and answers programs that ask for it. */
  readonly showsStatus: boolean;
}): ProgressWatch {
  const { search, report, title, io } = options;
  if (search === 'off') return { speech: null, read() {}, end() {} };
  const speech = createProgramSpeech(io.env, options.showsStatus);
  const progress = createProgressReport({
    report,
    title,
    clock: io.clock,
    createReader: (onProgress) =>
      createProgressReader({
        clock: io.clock,
        onProgress,
        find: search === 'all' ? null : search.find,
        rows: io.stdout.rows,
        answer: speech.answer,
        watchesFiles: true,
      }),
  });
  return { ...progress, speech };
}
