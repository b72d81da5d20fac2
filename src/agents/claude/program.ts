import type { Clock } from '../../clock.ts';
import { type AskedProgram, createAsker, type Told } from '../../io/ask-program.ts';
import { findExecutable } from '../../io/find-executable.ts';
import { isProcessNamed } from '../../io/process-named.ts';
import { type Problem, problem } from '../../model/problem.ts';
import { type PlainText, plainName, words } from '../../model/text.ts';
import type { Environment } from '../../storage/home.ts';
import { type Agents, decodeAgents } from './agents-format.ts';
import { claudeHome } from './place.ts';

/** Claude Code's own command line. */
export interface ClaudeProgram {
  /** Returns why it cannot be asked for anything; null if there is a program with its name. */
  refusal(): PlainText | null;
  /** Tells whether one of this user's processes seems to be a Claude Code. */
  isRunning(): Promise<boolean>;
  /** Requests a change of a background job, and returns why it was not made. */
  change(verb: 'stop' | 'respawn', jobId: string, signal: AbortSignal): Promise<Problem | null>;
  /** Asks for all sessions that it knows. */
  agents(signal: AbortSignal): Promise<Told<Agents>>;
}

const CLAUDE: AskedProgram = {
  install: words`install Claude Code, or put its claude on PATH`,
};

/** Returns the version of the Claude Code on PATH; null if there is none, or it does not tell. */
export async function claudeVersion(
  place: Parameters<typeof createAsker>[1],
  signal: AbortSignal,
): Promise<string | null> {
  if (findExecutable('claude', place) === null) return null;
  const asked = await createAsker(CLAUDE, place).text(['claude', '--version'], signal);
  if (asked.kind === 'failed') return null;
  return /^(\d+\.\d+\.\d+) \(Claude Code\)/u.exec(asked.told)?.[1] ?? null;
}

/** Creates the client of the program that keeps its files in `home`. */
export function createClaudeProgram(options: {
  readonly home: string;
  readonly clock: Clock;
  readonly env: Environment;
  readonly cwd: string;
}): ClaudeProgram {
  const { home, clock, cwd } = options;
  const isUsual = claudeHome(options.env, '', cwd) === home;
  // Set only if necessary: if it is set, the program keeps more things elsewhere.
  const env = isUsual ? options.env : { ...options.env, CLAUDE_CONFIG_DIR: home };
  const asker = createAsker(CLAUDE, { clock, env, cwd });

  /** Returns why the program is not asked for anything: other programs have the same name, and might do anything. */
  async function whyNotIts(signal: AbortSignal): Promise<Problem | null> {
    const asked = await asker.text(['claude', '--version'], signal);
    if (asked.kind === 'failed') return asked.problem;
    if (/\bClaude Code\b/u.test(asked.told)) return null;
    const said = plainName(asked.told.slice(0, 80)) || words`nothing`;
    const message = words`the claude on PATH is another program: its --version says ${said}`;
    return problem('refused', 'down', message, 'put Claude Code’s own before it');
  }

  return {
    refusal: () =>
      findExecutable('claude', { env, cwd }) === null ? words`there is no claude on PATH` : null,
    isRunning: async () => (await isProcessNamed('claude')) ?? true,
    async change(verb, jobId, signal) {
      const foreign = await whyNotIts(signal);
      if (foreign) return foreign;
      const asked = await asker.text(['claude', verb, jobId], signal);
      return asked.kind === 'failed' ? asked.problem : null;
    },
    agents: (signal) => asker.json(['claude', 'agents', '--json', '--all'], decodeAgents, signal),
  };
}
