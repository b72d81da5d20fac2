import type { Clock } from '../../clock.ts';
import { INCOMPLETE_LIMIT_MS } from '../../io/follow-file.ts';
import { createLineReader } from '../../io/json-lines.ts';
import { readWhole } from '../../io/read-file.ts';
import { decodeText } from '../../io/text-encoding.ts';
import { type Problem, problem } from '../../model/problem.ts';
import { plainName, words } from '../../model/text.ts';
import type { Look } from '../kit/polled-source.ts';
import { decodeBeads } from './format.ts';

/** The file of a project's issues, which is read again and again. */
export interface IssueFile {
  /** Never rejects. `look` is null if there is no file; `againMs` says how soon it is worth looking again. */
  look(): Promise<{ readonly look: Look | null; readonly againMs?: number }>;
  /** Returns what to report if there is no file. */
  missing(): Look;
}

const AGAIN_MS = 500;

/** Creates the reader of the first of `paths` that exists. While a file is being written, its last view is kept. */
export function createIssueFile(paths: readonly string[], clock: Clock): IssueFile {
  const read = createLineReader();
  let last: Extract<Look, { kind: 'read' }> | null = null;
  /** Since when it is gone, in monotonic time. */
  let goneSince: number | null = null;
  let bytes: Buffer | null = null;

  async function find() {
    for (const path of paths) {
      const found = await readWhole(path);
      if ('bytes' in found || !found.isMissing) return { path, found };
    }
    return null;
  }

  return {
    async look() {
      const there = await find();
      if (!there) {
        goneSince ??= clock.monotonic();
        const isPatient = last !== null && clock.monotonic() - goneSince < INCOMPLETE_LIMIT_MS;
        return isPatient ? { look: last, againMs: AGAIN_MS } : { look: null };
      }
      goneSince = null;
      const { path, found } = there;
      if ('problem' in found) return { look: { kind: 'failed', problem: found.problem } };
      if (last && bytes?.equals(found.bytes)) return { look: last };
      const { issues, broken, isCut } = read(decodeText(found.bytes));
      const isFresh = clock.now() - found.modifiedAt < INCOMPLETE_LIMIT_MS;
      if (isCut && isFresh && last) return { look: last, againMs: AGAIN_MS };
      if (issues.length === 0 && broken.length > 0)
        return { look: { kind: 'failed', problem: brokenLines(path, broken, 'down') } };
      const { tasks, problem: odd } = decodeBeads(issues);
      const flaw = broken.length > 0 ? brokenLines(path, broken, 'degraded') : odd;
      last = { kind: 'read', tasks, problem: flaw, changedAt: found.modifiedAt };
      bytes = found.bytes;
      return { look: last, ...(isCut && isFresh && { againMs: AGAIN_MS }) };
    },
    missing: () => ({
      kind: 'failed',
      problem: problem(
        'missing',
        'down',
        words`${plainName(paths[0] ?? '')} is not there (yet)`,
        'it appears once the program has written it',
      ),
    }),
  };
}

function brokenLines(path: string, broken: readonly number[], severity: Problem['severity']): Problem {
  const more = broken.length > 1 ? words` (and ${broken.length - 1} more)` : '';
  const message = words`${plainName(path)}: line ${broken[0] ?? 1} is not JSON${more}`;
  return problem(
    'malformed',
    severity,
    message,
    'the other issues are shown; write the file again: bd export',
  );
}
