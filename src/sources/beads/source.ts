import { dirname, resolve } from 'node:path';
import type { Clock } from '../../clock.ts';
import type { AskedProgram, Asker, CommandLine } from '../../io/ask-program.ts';
import { createHints } from '../../io/spaced-hints.ts';
import { watchFile, watchTree } from '../../io/watch-file.ts';
import type { SourceId } from '../../model/id.ts';
import { jsonObject } from '../../model/json.ts';
import { words } from '../../model/text.ts';
import type { Environment } from '../../storage/home.ts';
import { createAskedSource } from '../kit/asked-source.ts';
import type { Look } from '../kit/polled-source.ts';
import type { Source } from '../kit/source.ts';
import { createIssueFile } from './file.ts';
import { decodeBeads } from './format.ts';
import { isNamedLikeBeads, issuePathsOf } from './place.ts';

const BD: AskedProgram = {
  install: words`install beads, or write its issues into a file: bd export -o .beads/issues.jsonl`,
  explain: ({ text }) =>
    /no (?:beads )?database|database not found|not initialized/iu.test(text)
      ? { message: words`bd finds no database here`, hint: words`see what it says: bd list` }
      : null,
};

/** How often bd is asked, and how often a file is read again although its changes are reported. */
const REST_MS = 30_000;
/** How deep below the directory the files are that the program's database changes with each commit. */
const DATABASE_DEPTH = 4;
/** Versions that have a daemon would start it with each query. */
const WITHOUT_DAEMON = { BEADS_NO_DAEMON: '1', BEADS_AUTO_START_DAEMON: 'false' };

/**
 * Shows the issues of a project. `path` is the program's directory, or a file with one issue per line. If the directory has no
 * such file, which most versions do not write, bd itself is asked. There are no commands.
 */
export function createBeadsSource(options: {
  readonly id: SourceId;
  readonly path: string;
  readonly clock: Clock;
  readonly env?: Environment;
}): Source {
  const { path, clock, env = process.env } = options;
  const isDirectory = isNamedLikeBeads(path);
  const file = createIssueFile(isDirectory ? issuePathsOf(path) : [path], clock);
  const hints = createHints(clock);
  let restMs = REST_MS;

  return createAskedSource({
    ...options,
    kind: 'beads',
    location: path,
    program: BD,
    env: { ...env, ...WITHOUT_DAEMON },
    cwd: dirname(resolve(path)),
    async look(asker, signal) {
      const { look, againMs } = await file.look();
      restMs = againMs ?? REST_MS;
      if (look !== null) return look;
      if (!isDirectory) return file.missing();
      return hints.quietly(() => ask(asker, signal));
    },
    restMs: () => restMs,
    watch(lookSoon) {
      const watches = isDirectory
        ? [
            watchTree(path, DATABASE_DEPTH, hints.spaced(lookSoon)),
            ...issuePathsOf(path).map((one) => watchFile(one, lookSoon)),
          ]
        : [watchFile(path, lookSoon)];
      return {
        async close() {
          hints.close();
          await Promise.all(watches.map((watch) => watch.close()));
        },
      };
    },
    offers: () => [],
  });
}

/** Asks for all issues. Without a limit, bd would list fifty; some versions print JSON only if no tree is drawn. */
async function ask(asker: Asker, signal: AbortSignal): Promise<Look> {
  const line: CommandLine = ['bd', 'list', '--json', '--all', '--limit', '0'];
  let asked = await asker.json(line, issuesIn, signal);
  if (asked.kind === 'failed' && asked.problem.kind === 'malformed') {
    const flat = await asker.json([...line, '--flat'], issuesIn, signal);
    if (flat.kind === 'told') asked = flat;
  }
  return asked.kind === 'failed' ? asked : { kind: 'read', ...decodeBeads(asked.told) };
}

/** Returns the issues in an answer: a list, which later versions put into an envelope; null if there is none. */
function issuesIn(document: unknown): readonly unknown[] | null {
  if (document === null) return [];
  const listed = Array.isArray(document) ? document : jsonObject(document)?.data;
  if (!Array.isArray(listed)) return null;
  return listed.every((issue) => typeof jsonObject(issue)?.id === 'string') ? listed : null;
}
