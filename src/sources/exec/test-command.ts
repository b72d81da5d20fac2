import { sleep } from '../../clock.ts';
import { FILE_LIMIT_BYTES } from '../../io/file-problem.ts';
import { parseJson } from '../../io/json-text.ts';
import { parseTree } from '../../io/json-tree.ts';
import { lastLineOf, startPiped } from '../../io/piped-command.ts';
import { createTextLines } from '../../io/text-lines.ts';
import { type Problem, problemText } from '../../model/problem.ts';
import type { TaskStatus } from '../../model/task.ts';
import { joined, type PlainText, words } from '../../model/text.ts';
import { createStateReader, whyNoState } from '../dashboard-state/state-reader.ts';
import type { ProgramOptions } from '../kit/program-options.ts';
import { checkState, pathText } from './check-state.ts';
import { nameOfCommand } from './place.ts';
import { askOnce } from './polled.ts';
import { answerProblem, endProblem, silentProblem, startProblem } from './problems.ts';

/** What was found out about a command: lines for people. Those in `wrong` must be fixed. */
export interface CommandTest {
  readonly wrong: readonly PlainText[];
  readonly said: readonly PlainText[];
}

type Running = Omit<ProgramOptions, 'id'>;
const ONE_RUN_MS = 60_000;
/** For how long, and for how many lines, a command that keeps running is read. */
const LISTENED_MS = 10_000;
const LINES_LISTENED_TO = 3;

/** Runs a command once, as `exec:` would, and says what is wrong with its output. */
export async function testOnce(command: string, running: Running, signal: AbortSignal): Promise<CommandTest> {
  const name = nameOfCommand(command);
  const { clock } = running;
  const startedAt = clock.monotonic();
  const answer = await askOnce({ command, everyMs: ONE_RUN_MS, ...running }, signal);
  if (answer.kind === 'aborted') return { wrong: [words`stopped waiting for ${name}`], said: [] };
  if (answer.kind !== 'ended') return wrongBy(answerProblem(answer, '', name));
  const took = words`${name} ended after ${clock.monotonic() - startedAt} ms`;
  const { wrong, said } =
    answer.stdout.trim() === '' ? wrongBy(silentProblem(name)) : testText(answer.stdout, clock.now());
  const failed = answer.code === 0 ? [] : [answerProblem(answer, lastLineOf(answer.stderr), name).message];
  return { wrong: [...failed, ...wrong], said: [took, ...said] };
}

/** Starts a command, as `execd:` would, reads its first lines, ends it, and says what is wrong with them. */
export async function testLines(
  command: string,
  running: Running,
  signal: AbortSignal,
): Promise<CommandTest> {
  const name = nameOfCommand(command);
  const { clock, env, cwd } = running;
  const child = startPiped({ words: ['/bin/sh', '-c', command], env, cwd }, clock);
  if (child instanceof Error) return wrongBy(startProblem(child, name));
  const lines: (string | null)[] = [];
  const over = new AbortController();
  const splitter = createTextLines(
    (line) => {
      if (line?.trim() !== '') lines.push(line);
      if (lines.length >= LINES_LISTENED_TO) over.abort();
    },
    { longest: FILE_LIMIT_BYTES },
  );
  child.stdout.on('data', splitter.write).once('end', () => over.abort());
  await sleep(clock, LISTENED_MS, AbortSignal.any([over.signal, signal]));
  child.stdout.pause().off('data', splitter.write);
  const hasEnded = child.stdout.readableEnded;
  if (!hasEnded) await child.stop();
  const end = await child.ended;
  if (end.error) return wrongBy(startProblem(end.error, name));
  const tests = lines.slice(0, LINES_LISTENED_TO).map((line, index) => testLine(line, index, clock.now()));
  const ended = hasEnded
    ? [problemText(endProblem(end, child.lastComplaint(), name, MUST_KEEP_RUNNING))]
    : [];
  const none = lines.length === 0 ? [words`${name} printed no line within ${LISTENED_MS / 1000} s`] : [];
  return {
    wrong: [...ended, ...none, ...tests.flatMap(({ wrong }) => wrong)],
    said: tests.flatMap(({ said }) => said),
  };
}

const MUST_KEEP_RUNNING = words`execd: is for a command that keeps running; use exec: for others`;

function testLine(line: string | null, index: number, at: number): CommandTest {
  const where = words`line ${index + 1} printed`;
  const { wrong, said } = line === null ? { wrong: [words`it is too long`], said: [] } : testText(line, at);
  const named = (texts: readonly PlainText[]) => texts.map((text) => words`${where}: ${text}`);
  return { wrong: named(wrong), said: named(said) };
}

/** Says what is wrong with a text that should be a state, with lines and paths, and what is read from it. */
export function testText(text: string, at: number): CommandTest {
  const reading = createStateReader().read(text, at);
  if (reading.kind !== 'state') return { wrong: [whyNoState(reading, words`what it prints`)], said: [] };
  const parsed = parseJson(text);
  const { faults, isCut } = checkState('value' in parsed ? parsed.value : null);
  const lineOf = createLineFinder(text);
  const wrong = faults.map(({ path, message }) => words`line ${lineOf(path)}: ${pathText(path)}: ${message}`);
  const { tasks, problem } = reading.state;
  const left = problem && faults.length === 0 ? [problemText(problem)] : [];
  const more = isCut ? [words`and more like this`] : [];
  return { wrong: [...wrong, ...more, ...left], said: [countsOf(tasks.map(({ state }) => state.status))] };
}

/** Returns how many tasks there are, by status: `3 tasks are read: 2 running, 1 queued`. */
function countsOf(statuses: readonly TaskStatus[]): PlainText {
  const counts = [...Map.groupBy(statuses, (status) => status)];
  const listed = joined(
    counts.map(([status, of]) => words`${of.length} ${status}`),
    ', ',
  );
  if (statuses.length === 0) return words`no task is read: activeTasks is empty`;
  const read = statuses.length === 1 ? words`1 task is read` : words`${statuses.length} tasks are read`;
  return words`${read}: ${listed}`;
}

/**
 * Returns a function that tells in which line of a JSON text a path begins; if the path does not exist, the line of what should
 * contain it.
 */
function createLineFinder(text: string): (path: readonly (string | number)[]) => number {
  const tree = parseTree(text);
  return (path) => {
    let node = tree;
    let at = node.start;
    for (const part of path) {
      if (node.kind === 'scalar') break;
      const entry =
        typeof part === 'number' ? node.entries[part] : node.entries.findLast(({ key }) => key === part);
      if (!entry) break;
      [at, node] = [entry.start, entry.value];
      if (typeof part === 'number') at = entry.value.start;
    }
    return text.slice(0, at).split('\n').length;
  };
}

function wrongBy(problem: Problem): CommandTest {
  return { wrong: [problemText(problem)], said: [] };
}
