import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { systemProblem } from '../../../io/file-problem.ts';
import { readWhole } from '../../../io/read-file.ts';
import { compareText } from '../../../model/compare-text.ts';
import { type Problem, problem } from '../../../model/problem.ts';
import { plainName, words } from '../../../model/text.ts';
import { decodeTrace, type Trace } from './trace.ts';

/**
 * Reads all traces (`*.ndjson`) in the directories, or returns what is wrong with the first file that is not a trace.
 */
export async function readTraces(directories: readonly string[]): Promise<Trace[] | Problem> {
  const traces: Trace[] = [];
  for (const directory of directories) {
    for (const file of await filesUnder(directory)) {
      if ('problem' in file) return file.problem;
      const trace = await readTrace(file.path);
      if ('kind' in trace) return trace;
      traces.push(trace);
    }
  }
  return traces;
}

async function filesUnder(directory: string): Promise<({ path: string } | { problem: Problem })[]> {
  try {
    const entries = await readdir(directory, { recursive: true, withFileTypes: true });
    return entries
      .filter((entry) => entry.isFile() && entry.name.endsWith('.ndjson'))
      .map((entry) => ({ path: path.join(entry.parentPath, entry.name) }))
      .sort((one, other) => compareText(one.path, other.path));
  } catch (error) {
    return [
      {
        problem: isNoDirectory(error)
          ? noDirectory(directory)
          : withoutWaiting(systemProblem(error, directory)),
      },
    ];
  }
}

async function readTrace(file: string): Promise<Trace | Problem> {
  const found = await readWhole(file);
  return 'bytes' in found ? decodeTrace(found.bytes.toString(), file) : withoutWaiting(found.problem);
}

function isNoDirectory(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'ENOTDIR';
}

function noDirectory(path: string): Problem {
  return problem(
    'unreadable',
    'down',
    words`${plainName(path)} is not a directory`,
    'name the directory with the traces',
  );
}

/** Sources wait for their files to appear; this command does not. */
function withoutWaiting({ kind, severity, message }: Problem): Problem {
  return { kind, severity, message };
}
