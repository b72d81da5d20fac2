import type { Io } from '../../../io/io.ts';
import { say } from '../../../io/print.ts';
import type { LogLine } from '../../../model/log.ts';
import { type Problem, problem } from '../../../model/problem.ts';
import { plainName, words } from '../../../model/text.ts';
import { EXIT, refuse } from '../../process/exit.ts';
import { findTask } from '../../session/find-task.ts';
import { withSession } from '../../session/session.ts';
import { createLineChoice } from './choose-lines.ts';
import { createLineText } from './line-text.ts';
import type { LogsOptions } from './options.ts';
import { readLinesAsked } from './read-request.ts';

/** Prints the output of a task. Resolves with the exit code. */
export async function runLogs(
  id: string,
  sourceTexts: readonly string[],
  options: LogsOptions,
  io: Io,
): Promise<number> {
  const { follow, grep, since, tail, times, stderr, raw, force, ...settingOptions } = options;
  const asked = readLinesAsked(options, io.clock.now());
  if (asked.kind === 'refused') return refuse(io, asked.problem, EXIT.usage);
  if (raw && io.stdout.isTTY && !force) return refuse(io, RAW_TO_TERMINAL, EXIT.usage);

  return withSession(sourceTexts, settingOptions, io, async (session) => {
    const found = await findTask(session, id, io, { newest: true });
    if (found.kind === 'none') return refuse(io, found.problem, found.code);
    const opened = await session.monitor.log(found.entry.task.id, {
      signal: io.signal,
      ...(asked.sinceMs !== undefined && { sinceMs: asked.sinceMs }),
      ...(asked.tail !== undefined && { tail: asked.tail }),
      follow: follow === true,
    });
    if (opened.kind === 'none') return refuse(io, opened.problem, codeOf(opened.problem));
    const choose = createLineChoice(asked.grep, stderr === true);
    const textOf = createLineText({ raw: raw === true, times: times === true }, io);
    return print(opened.lines, choose, textOf, io);
  });
}

async function print(
  batches: AsyncIterable<readonly LogLine[]>,
  choose: ReturnType<typeof createLineChoice>,
  textOf: (line: LogLine) => string,
  io: Io,
): Promise<number> {
  for await (const batch of batches) {
    const chosen = choose(batch);
    if (!chosen) return refuse(io, TOO_SLOW, EXIT.usage);
    for (const { text } of chosen.filter(isNote)) say(io, words`taskglass: logs: ${plainName(text)}`);
    const printed = chosen.filter((line) => !isNote(line)).map(textOf);
    if (printed.length > 0) await write(printed.join(''), io);
    if (io.signal.aborted) break;
  }
  return EXIT.ok;
}

function isNote({ stream }: LogLine): boolean {
  return stream === 'note';
}

/**
 * Writes no faster than the output is read. A failed write is not handled here: a listener for it would keep the program
 * running without its output.
 */
async function write(text: string, { stdout, signal }: Io): Promise<void> {
  if (stdout.write(text) || signal.aborted) return;
  await new Promise<void>((resolve) => {
    const goOn = () => {
      stdout.removeListener('drain', goOn);
      signal.removeEventListener('abort', goOn);
      resolve();
    };
    stdout.on('drain', goOn);
    signal.addEventListener('abort', goOn);
  });
}

/**
 * Returns success if nothing was printed, a usage error if the source keeps no logs, and otherwise the code for an
 * unreadable source.
 */
function codeOf({ kind }: Problem): number {
  if (kind === 'missing') return EXIT.ok;
  return kind === 'not-allowed' ? EXIT.usage : EXIT.noSource;
}

const RAW_TO_TERMINAL = problem(
  'not-allowed',
  'down',
  'logs: --raw would send old escape sequences to this terminal',
  'send it to a file or a pipe, or add --force',
);
const TOO_SLOW = problem(
  'malformed',
  'down',
  'logs: --grep takes too long on this output',
  'avoid a repetition within a repetition: write a+, not (a+)+',
);
