import path from 'node:path';
import type { Readable } from 'node:stream';
import { FILE_LIMIT_BYTES, tooLargeProblem } from '../../../io/file-problem.ts';
import type { Io } from '../../../io/io.ts';
import { parseJson } from '../../../io/json-text.ts';
import { readWhole } from '../../../io/read-file.ts';
import type { ProblemKind } from '../../../model/problem.ts';
import { refusal } from './refusal.ts';

/**
 * Reads a JSON document from a file, or from standard input for `-`. Throws a `Refusal` that names the line of a syntax
 * error.
 */
export async function readJsonInput(file: string, io: Io): Promise<unknown> {
  const text = file === '-' ? await readStream(io.stdin) : await readText(path.resolve(io.cwd, file));
  const parsed = parseJson(text);
  if ('value' in parsed) return parsed.value;
  const { what, at } = parsed.explain();
  const place = at ? ` (line ${at.line}, column ${at.column})` : '';
  throw refusal(`${file === '-' ? 'standard input' : file} is not JSON${place}: ${what}`, 'correct it there');
}

/** Hints for a file that is read only once; those of a source say that it will be read again. */
const HINTS: Partial<Record<ProblemKind, string>> = {
  missing: 'check the path; - is standard input',
  'too-large': 'split its tasks into several files',
  unreadable: 'name a file that this user may read; - is standard input',
};

async function readText(file: string): Promise<string> {
  const found = await readWhole(file);
  if (!('problem' in found)) return found.bytes.toString();
  const { kind, message } = found.problem;
  throw refusal(message, HINTS[kind], kind);
}

async function readStream(stream: Readable): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of stream) {
    chunks.push(Buffer.from(chunk));
    bytes += chunks.at(-1)?.length ?? 0;
    if (bytes > FILE_LIMIT_BYTES)
      throw refusal(tooLargeProblem('standard input').message, HINTS['too-large'], 'too-large');
  }
  return Buffer.concat(chunks).toString();
}
