import type { AskedProgram, Asker, CommandLine, Explained, Failed, Told } from '../../io/ask-program.ts';
import { type Problem, problem } from '../../model/problem.ts';
import { plainName, words } from '../../model/text.ts';
import { createAskedSource } from '../kit/asked-source.ts';
import { cancelAndRetryOffers } from '../kit/offers.ts';
import type { PlacedOptions } from '../kit/program-options.ts';
import type { Source } from '../kit/source.ts';
import { decodeRuns, RUN_FIELDS, type Run } from './format.ts';
import { createRunJobs, MOST_FOLLOWED } from './run-jobs.ts';

/**
 * How often a single run under way is requested; with several, each less often, because GitHub limits the requests per hour.
 */
const BUSY_REST_MS = 10_000;
const IDLE_REST_MS = 60_000;
const MOST_RUNS = '20';

type RunList = Told<NonNullable<ReturnType<typeof decodeRuns>>>;

/**
 * Opens the runs of a repository's workflows on GitHub: `OWNER/REPO`, optionally with a host before it, or else the repository
 * of which the directory `cwd` is a clone. `gh` is asked, which has the login.
 */
export function openGithub(options: PlacedOptions): Source | Problem {
  const { place } = options;
  const isName = /^(?:[\w.-]+\/)?\w[\w.-]*\/[\w.-]+$/u.test(place) && !place.startsWith('-');
  if (place === '' || isName) return createGithubSource(options);
  const message = words`gh:${plainName(place)}: not a GitHub repository`;
  return problem('malformed', 'down', message, 'name it gh:OWNER/REPO, or gh: for that of this directory');
}

function createGithubSource(options: PlacedOptions): Source {
  const { place } = options;
  const where = place === '' ? [] : ['--repo', place];
  const jobs = createRunJobs();
  let fields: readonly string[] = RUN_FIELDS;

  /** Asks for the newest runs, without the fields that this `gh` does not know. */
  async function askRuns(asker: Asker, signal: AbortSignal): Promise<RunList> {
    const line: CommandLine = [
      'gh',
      'run',
      'list',
      '--json',
      fields.join(','),
      '--limit',
      MOST_RUNS,
      ...where,
    ];
    const asked = await asker.json(line, decodeRuns, signal);
    const unknown =
      asked.kind === 'failed' ? /unknown json field:? "?(\w+)/iu.exec(asked.text)?.[1] : undefined;
    if (unknown === undefined || !fields.includes(unknown)) return asked;
    fields = fields.filter((field) => field !== unknown);
    return askRuns(asker, signal);
  }

  return createAskedSource({
    ...options,
    // It must not ask anybody anything, nor add output that is meant for people.
    env: { ...options.env, GH_PROMPT_DISABLED: '1', GH_NO_UPDATE_NOTIFIER: '1', NO_COLOR: '1', ...UNWANTED },
    kind: 'github',
    location: place === '' ? 'github' : place,
    program: { ...GH, explain: (failed) => explain(failed, place) },
    async look(asker, signal) {
      const asked = await askRuns(asker, signal);
      if (asked.kind === 'failed') return asked;
      const lineOf = ({ nativeId }: Run) => jobsLine(place, nativeId);
      const tasks = await jobs.complete(asked.told.runs, asker, lineOf, signal);
      return { kind: 'read', tasks, problem: asked.told.problem };
    },
    restMs(tasks) {
      const running = tasks.filter(({ state }) => !('endedAt' in state)).length;
      return running === 0 ? IDLE_REST_MS : BUSY_REST_MS * Math.min(running, MOST_FOLLOWED);
    },
    commands: {
      cancel: ({ nativeId }) => ['gh', 'run', 'cancel', nativeId, ...where],
      retry: ({ nativeId, state }) => {
        const only = state.status === 'failed' ? ['--failed'] : [];
        return ['gh', 'run', 'rerun', nativeId, ...only, ...where];
      },
    },
    // A run that waits for approval cannot be cancelled, nor approved by `gh run`.
    offers: (status) =>
      cancelAndRetryOffers(status, status === 'needs-input' ? words`approve or reject it on its page` : null),
  });
}

/**
 * Returns the command line that requests the jobs of a run: one request, where `gh run view` makes three, and with the times of
 * the steps, which older versions of `gh run view` leave out.
 */
function jobsLine(place: string, run: string): CommandLine {
  const parts = place.split('/');
  const host = parts.length > 2 ? ['--hostname', parts[0] ?? ''] : [];
  // gh itself fills in what is in braces, from the directory.
  const repository = place === '' ? '{owner}/{repo}' : parts.slice(-2).join('/');
  return ['gh', 'api', ...host, `repos/${repository}/actions/runs/${run}/jobs?per_page=100`];
}

const GH: AskedProgram = {
  install: words`install GitHub's command line (gh), and log in: gh auth login`,
  isOwnToken: /^(?:GH|GITHUB)_/u,
};

const UNWANTED = {
  GH_FORCE_TTY: undefined,
  GH_DEBUG: undefined,
  DEBUG: undefined,
  CLICOLOR_FORCE: undefined,
};

/** Explains what the failures of `gh` mean, and what to do. */
function explain({ code, text }: Failed, place: string): Explained | null {
  if (code === 4 || /gh auth login|HTTP 401/iu.test(text))
    return { message: words`gh is not logged in to GitHub`, hint: words`log in: gh auth login` };
  if (/rate limit/iu.test(text))
    return {
      message: words`GitHub does not answer any more: too many requests`,
      hint: words`see: gh api rate_limit`,
    };
  if (/not a git repository|base repo|git remotes/iu.test(text))
    return {
      message: words`this directory is not a clone of a GitHub repository`,
      hint: words`name one: gh:OWNER/REPO`,
    };
  if (/HTTP 404|could not resolve to a repository/iu.test(text)) {
    const shown = place === '' ? words`such repository` : plainName(place);
    return {
      message: words`there is no ${shown} on GitHub that this login may see`,
      hint: words`see: gh auth status`,
    };
  }
  return null;
}
