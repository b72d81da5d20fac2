import { inheritedDescriptors } from '../../../io/inherited-descriptors.ts';
import type { Io } from '../../../io/io.ts';
import { printData, say, sayForNow, sayLines } from '../../../io/print.ts';
import { showsStatus } from '../../../io/terminal-features.ts';
import { type Problem, problem } from '../../../model/problem.ts';
import { plainName, plainText, words } from '../../../model/text.ts';
import { createCombinedReporter } from '../../../publish/report.ts';
import { getsOwnTerminal } from '../../../run/in-background.ts';
import { createCautiousFind } from '../../../run/progress/cautious-find.ts';
import { createFindProgress } from '../../../run/progress/pattern.ts';
import type { ProgressSearch } from '../../../run/progress/watch-progress.ts';
import { createRetries } from '../../../run/retries.ts';
import { runOnce } from '../../../run/run-once.ts';
import { openTerminalStatus } from '../../../run/terminal-status/terminal-reporter.ts';
import { openGithubReport } from '../../outputs/github.ts';
import { isInteractive } from '../../process/appearance.ts';
import { complain, EXIT, refuse } from '../../process/exit.ts';
import { readDetachment, startDetached } from './detach.ts';
import { endByInterrupt, leaveTerminalAlone } from './end-as-command.ts';
import { createGithubReporter } from './github-reporter.ts';
import type { RunOptions } from './options.ts';
import { outliveOutput } from './outlive-output.ts';
import { openTargets } from './targets.ts';

/** Runs a command as a task that can be watched, cancelled and retried. Resolves with the command's exit code. */
export async function runRun(command: readonly string[], options: RunOptions, given: Io): Promise<number> {
  const detachment = readDetachment(given);
  const io: Io = { ...given, env: detachment.env };
  const descriptors = inheritedDescriptors(); // before we open files of our own
  if (!command[0]) return refuse(io, NOTHING_TO_RUN, EXIT.usage);
  const pattern = readPattern(options.progressPattern, io);
  if (pattern.kind === 'refused') return refuse(io, pattern.problem, EXIT.usage);
  if (options.detach) return goOnDetached(command, options, io);
  const title = plainName(options.name || command.join(' '));
  const retries = createRetries(io.clock);
  let takeBackId = () => {};
  const targets = await openTargets({
    options,
    command,
    title,
    hearing: {
      onProblem(said) {
        takeBackId();
        complain(io, said);
      },
      ...(options.stay ? { onRetry: retries.ask } : {}),
    },
    io,
  });
  if (targets.kind === 'refused') return refuse(io, targets.problem, EXIT.usage);

  const isQuiet = options.quiet === true || detachment.isDetached;
  const isSearched = options.progress !== false;
  const status = options.status
    ? await openTerminalStatus(io, { words: command, isQuiet, isSearched })
    : null;
  const github = detachment.isDetached ? null : openGithubReport(targets.settings, io);
  const reporter = createCombinedReporter([
    ...targets.reporters,
    ...(status ? [status.reporter] : []),
    ...(github ? [createGithubReporter(github, io.clock)] : []),
  ]);
  const codeOf = outliveOutput(io);
  leaveTerminalAlone();
  try {
    for (;;) {
      const ended = await runOnce({
        words: command,
        title,
        search: isSearched ? pattern.createSearch() : 'off',
        isQuiet,
        keepsOutput: options.log !== false,
        showsStatus: status?.showsStatus ?? showsStatus(io.env),
        reporter,
        io,
        descriptors,
        retryOf: detachment.retryOf,
        isUnset: detachment.isUnset,
        onStarted(id) {
          if (detachment.isDetached) printData(io, id ?? '');
          else if (id !== null && getsOwnTerminal(io, isQuiet)) takeBackId = showId(id, io);
        },
        onOutput: () => takeBackId(),
      });
      takeBackId();
      const code = codeOf(ended.code);
      if (code === EXIT.ok || !options.stay || io.signal.aborted) {
        if (ended.isByInterrupt) endByInterrupt();
        return code;
      }
      say(io, words`taskglass: run: ended with ${code}; waiting for a retry (Ctrl-C to quit)`);
      if (!(await retries.next(io.signal))) return code;
    }
  } finally {
    await reporter.close();
  }
}

async function goOnDetached(command: readonly string[], options: RunOptions, io: Io): Promise<number> {
  const started = await startDetached(command, options, io);
  if ('id' in started) {
    printData(io, started.id);
    return EXIT.ok;
  }
  if (started.said !== '') sayLines(io, plainText(started.said.trimEnd()));
  return started.code;
}

/** Shows the id of the run until the command prints something; the returned function erases it. */
function showId(id: string, { env, stderr }: Io): () => void {
  return isInteractive({ env, stdout: stderr })
    ? sayForNow({ stderr }, words`taskglass: run: ${plainName(id)}`)
    : () => {};
}

type ReadPattern =
  | { readonly kind: 'read'; readonly createSearch: () => ProgressSearch }
  | { readonly kind: 'refused'; readonly problem: Problem };

function readPattern(pattern: string | undefined, io: Io): ReadPattern {
  if (pattern === undefined) return { kind: 'read', createSearch: () => 'all' };
  try {
    const find = createFindProgress(pattern);
    const onTooSlow = () => complain(io, TOO_SLOW);
    return { kind: 'read', createSearch: () => ({ find: createCautiousFind(find, onTooSlow) }) };
  } catch (error) {
    const said = plainName(`run: --progress-pattern: ${(error as Error).message}`);
    return {
      kind: 'refused',
      problem: problem('malformed', 'down', said, 'for example "at (\\d+) percent"'),
    };
  }
}

const TOO_SLOW = problem(
  'malformed',
  'degraded',
  'run: --progress-pattern takes too long on what the command prints, and is not used any more',
  'avoid a repetition within a repetition: write a+, not (a+)+',
);
const NOTHING_TO_RUN = problem(
  'malformed',
  'down',
  'run: no command',
  'for example: taskglass run -- make -j4',
);
