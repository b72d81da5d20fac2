import { askCommand } from '../../io/ask-command.ts';
import { FILE_LIMIT_BYTES } from '../../io/file-problem.ts';
import { lastLineOf } from '../../io/piped-command.ts';
import { words } from '../../model/text.ts';
import { createStateReader } from '../dashboard-state/state-reader.ts';
import { createPolledSource, type Look } from '../kit/polled-source.ts';
import type { ProgramOptions } from '../kit/program-options.ts';
import type { Source } from '../kit/source.ts';
import { type ExecPlace, nameOfCommand } from './place.ts';
import { answerProblem, outputProblem, silentProblem } from './problems.ts';

/** A command may take until it is due again, but within these limits. */
const SHORTEST_LIMIT_MS = 10_000;
const LONGEST_LIMIT_MS = 60_000;

/** Shows the tasks of the state that a command prints (`exec:CMD`), which is run again and again. There are no commands. */
export function createExecSource(options: ProgramOptions & ExecPlace): Source {
  const { id, clock, command, everyMs } = options;
  const reader = createStateReader();
  const name = nameOfCommand(command);
  return createPolledSource({
    id,
    kind: 'exec',
    location: `exec:${everyMs / 1000}s:${name}`,
    clock,
    everyMs,
    async look(signal): Promise<Look> {
      const answer = await askOnce(options, signal);
      if (answer.kind === 'aborted') return { kind: 'failed', problem: silentProblem(name) };
      if (answer.kind !== 'ended' || answer.code !== 0) {
        const complaint = answer.kind === 'ended' ? lastLineOf(answer.stderr) : '';
        return { kind: 'failed', problem: answerProblem(answer, complaint, name) };
      }
      if (answer.stdout.trim() === '') return { kind: 'failed', problem: silentProblem(name) };
      const reading = reader.read(answer.stdout, clock.now());
      if (reading.kind === 'state') return { kind: 'read', ...reading.state };
      return { kind: 'failed', problem: outputProblem(reading, words`what ${name} prints`, 'down') };
    },
  });
}

/** Runs a command once, as its source does. */
export function askOnce(
  { command, everyMs, env, cwd, clock }: Omit<ProgramOptions, 'id'> & ExecPlace,
  signal: AbortSignal,
): ReturnType<typeof askCommand> {
  const limitMs = Math.min(LONGEST_LIMIT_MS, Math.max(SHORTEST_LIMIT_MS, everyMs));
  const question = {
    words: ['/bin/sh', '-c', command],
    env,
    cwd,
    limitMs,
    limitBytes: FILE_LIMIT_BYTES,
  };
  return askCommand(question, { clock, signal });
}
