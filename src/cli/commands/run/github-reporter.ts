import type { Clock } from '../../../clock.ts';
import { type PlainText, plainName, plainText } from '../../../model/text.ts';
import type { TaskSummary } from '../../../present/job-summary.ts';
import type { Report, Reporter, WorkToReport } from '../../../publish/report.ts';
import type { GithubReport } from '../../outputs/github.ts';

const LINE_FEED = 0x0a;

/** Reports to GitHub how a command ended, once all its output has been written. */
export function createGithubReporter(github: GithubReport, clock: Clock): Reporter {
  const ended: TaskSummary[] = [];
  const openLines = new Set<string>();
  let last = '';

  return {
    async start(work) {
      return reportOf(work, {
        clock,
        onEnd: (end) => ended.push(end),
        onOutput(piece, stream) {
          last = stream;
          if (piece.at(-1) === LINE_FEED) openLines.delete(stream);
          else if (piece.length > 0) openLines.add(stream);
        },
      });
    },
    async close() {
      // Both streams may lead to the same place.
      const isLineOpen = openLines.has('stderr') || openLines.has(last);
      github.tell(ended, { isLineOpen });
    },
  };
}

function reportOf(
  { title }: WorkToReport,
  {
    clock,
    onEnd,
    onOutput,
  }: {
    readonly clock: Clock;
    readonly onEnd: (end: TaskSummary) => void;
    readonly onOutput: (piece: Uint8Array, stream: string) => void;
  },
): Report {
  const startedAt = clock.monotonic();
  const end = async (status: TaskSummary['status'], why: PlainText | null = null) =>
    onEnd({ name: plainName(title), status, durationMs: clock.monotonic() - startedAt, why });
  return {
    signal: NEVER,
    setSteps() {},
    step() {},
    tell() {},
    output: onOutput,
    complete: () => end('completed'),
    fail: (error) => end('failed', plainText(error)),
    cancel: () => end('cancelled'),
  };
}

const NEVER = new AbortController().signal;
