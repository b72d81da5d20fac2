import type { Clock } from '../clock.ts';
import { readJson } from '../model/json.ts';
import { type Problem, problem } from '../model/problem.ts';
import { shellWord } from '../model/shell-word.ts';
import { withoutAddressSecrets } from '../model/shown-url.ts';
import { joined, type PlainText, plainName, words } from '../model/text.ts';
import type { Environment } from '../storage/home.ts';
import { askCommand, type CommandAnswer } from './ask-command.ts';

/** A program of the user that knows about tasks, or several related ones. */
export interface AskedProgram {
  /** How to install it, for when it is not on PATH. */
  readonly install: PlainText;
  /** The environment variables with its logins, which no other program gets. */
  readonly isOwnToken?: RegExp;
  /** Explains a failure better than the program's own message; null if it can't. */
  readonly explain?: (failed: Failed) => Explained | null;
}

/** How a program failed. */
export interface Failed {
  readonly code: number | null;
  /** What it has printed, unsanitised. */
  readonly text: string;
}

export interface Explained {
  readonly message: PlainText;
  readonly hint: PlainText;
}

/** The answer to a question, or why there is none. */
export type Told<T> =
  | { readonly kind: 'told'; readonly told: T }
  | {
      readonly kind: 'failed';
      readonly problem: Problem;
      /** Whether there is no such program on PATH. */
      readonly isAbsent: boolean;
      /** What it has printed, if it ended by itself, unsanitised. */
      readonly text: string;
    };

/** A command line: the program's name on PATH, and its arguments. No shell reads it. */
export type CommandLine = readonly [program: string, ...args: string[]];

/** Asks programs. Never rejects, whatever they do or print. */
export interface Asker {
  /** Resolves with what the program prints. */
  text(line: CommandLine, signal: AbortSignal): Promise<Told<string>>;
  /** Resolves with the program's JSON as decoded by `decode`, which returns null if the document is not this program's. */
  json<T>(line: CommandLine, decode: (document: unknown) => T | null, signal: AbortSignal): Promise<Told<T>>;
}

/** The variables with logins for GitHub's programs, which many users have set. */
const GITHUB_TOKEN = /^(?:GH|GITHUB)_(?:ENTERPRISE_)?TOKEN$/u;
const MEBIBYTE = 1024 * 1024;

/** Creates an asker of programs on PATH. They get our environment without tokens that are not their own. */
export function createAsker(
  program: AskedProgram,
  options: {
    readonly clock: Clock;
    readonly env: Environment;
    readonly cwd: string;
  },
): Asker {
  const { clock, cwd } = options;
  const env = Object.fromEntries(
    Object.entries(options.env).filter(
      ([name]) => !GITHUB_TOKEN.test(name) || program.isOwnToken?.test(name),
    ),
  );
  const asker: Asker = {
    async text(line, signal) {
      const answer = await askCommand({ words: line, env, cwd }, { clock, signal });
      if (answer.kind === 'ended' && answer.code === 0) return { kind: 'told', told: answer.stdout };
      const isAbsent = answer.kind === 'not-started' && answer.code === 'ENOENT';
      const text = answer.kind === 'ended' ? `${answer.stderr}\n${answer.stdout}` : '';
      return { kind: 'failed', problem: whyNot(program, line, answer, text), isAbsent, text };
    },
    async json(line, decode, signal) {
      const asked = await asker.text(line, signal);
      if (asked.kind === 'failed') return asked;
      const document = readJson(asked.told);
      const decoded = document === undefined ? null : decode(document);
      if (decoded !== null) return { kind: 'told', told: decoded };
      const found = notItsOwn(line, document !== undefined);
      return { kind: 'failed', problem: found, isAbsent: false, text: '' };
    },
  };
  return asker;
}

function whyNot(program: AskedProgram, line: CommandLine, answer: CommandAnswer, text: string): Problem {
  const name = plainName(line[0]);
  const asIs = tryIt(line);
  switch (answer.kind) {
    case 'not-started':
      return answer.code === 'ENOENT'
        ? problem('missing', 'down', words`there is no ${name} on PATH`, program.install)
        : problem('unreadable', 'down', words`${name} cannot be started: ${plainName(answer.code)}`, asIs);
    case 'too-slow':
      return problem(
        'no-answer',
        'down',
        words`${name} has not answered within ${answer.limitMs / 1000} s`,
        asIs,
      );
    case 'too-long':
      return problem(
        'too-large',
        'down',
        words`${name} has printed more than ${answer.limitBytes / MEBIBYTE} MiB`,
        asIs,
      );
    case 'aborted':
      return problem('no-answer', 'down', words`stopped waiting for ${name}`);
    default: {
      const explained = program.explain?.({ code: answer.code, text });
      if (explained) return problem('refused', 'down', explained.message, explained.hint);
      const how = answer.code === null ? words`was ended` : words`failed (exit ${answer.code})`;
      const said = firstLine(text);
      return problem('refused', 'down', said ? words`${name} ${how}: ${said}` : words`${name} ${how}`, asIs);
    }
  }
}

/** Returns the problem of an unexpected answer: another program has the same name, or it is another version. */
function notItsOwn(line: CommandLine, isJson: boolean): Problem {
  const what = isJson ? words`unexpected JSON` : words`something other than JSON`;
  return problem(
    'malformed',
    'down',
    words`${plainName(line[0])} has answered with ${what}: is it another program of that name, or another version?`,
    tryIt(line),
  );
}

/** Of a command line longer than this, a hint shows only the part before its first option. */
const LONGEST_TRY = 60;
const PLAIN_OPTION = /^--?[\w=,-]+$/u;

function tryIt(line: CommandLine): PlainText {
  const whole = joined(
    line.map((word) => (PLAIN_OPTION.test(word) ? plainName(word) : shellWord(word))),
    ' ',
  );
  const first = line.findIndex((word) => word.startsWith('-'));
  const short = joined(line.slice(0, first === -1 ? line.length : first).map(shellWord), ' ');
  return words`try it: ${whole.length <= LONGEST_TRY ? whole : short}`;
}

/** Returns the first line that says something, without possible secrets. */
function firstLine(text: string): PlainText | null {
  const lines = text.split('\n', 100).map((line) => withoutAddressSecrets(plainName(line)));
  return lines.find((line) => /\p{L}/u.test(line.replace(/^error:?$/iu, ''))) ?? null;
}
