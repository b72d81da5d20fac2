import { askCommand } from '../../../../io/ask-command.ts';
import { findExecutable } from '../../../../io/find-executable.ts';
import { joined, type PlainText, plainName, words } from '../../../../model/text.ts';
import { type Check, type CheckContext, type Finding, ok, warning } from '../check.ts';

/**
 * A program that sources or commands start, and the arguments that make it print its version; null if that takes too long.
 */
interface Program {
  readonly name: string;
  readonly version: readonly string[] | null;
}

const PROGRAMS: readonly Program[] = [
  { name: 'ssh', version: ['-V'] },
  { name: 'gh', version: ['--version'] },
  { name: 'systemctl', version: ['--version'] },
  { name: 'squeue', version: ['--version'] },
  { name: 'pueue', version: ['--version'] },
  { name: 'bd', version: ['--version'] },
  { name: 'tmux', version: ['-V'] },
  { name: 'perl', version: null },
  { name: 'claude', version: null },
];

const LIMIT_MS = 1_000;
const LIMIT_BYTES = 64 * 1024;

/** Which of the programs that taskglass may start are installed. Each is needed only for its own tasks. */
export const programs: Check = {
  name: 'programs',
  async look(context) {
    const found = await Promise.all(PROGRAMS.map((program) => ask(program, context)));
    const there = found.flatMap(({ said }) => said ?? []);
    const missing = found.flatMap(({ said, name }) => (said === null ? [name] : []));
    const lines = [
      there.length > 0 ? joined(there, ', ') : words`none of the programs that taskglass can use`,
    ];
    if (missing.length > 0)
      lines.push(words`not installed, and needed only for their own tasks: ${joined(missing, ', ')}`);
    return [ok(joined(lines, '; ')), ...found.flatMap(({ finding }) => finding ?? [])];
  },
};

async function ask(
  { name, version }: Program,
  { io, signal }: CheckContext,
): Promise<{ readonly name: PlainText; readonly said: PlainText | null; readonly finding?: Finding }> {
  const shown = plainName(name);
  if (findExecutable(name, io) === null) return { name: shown, said: null };
  if (version === null) return { name: shown, said: shown };
  const question = { words: [name, ...version], env: io.env, limitMs: LIMIT_MS, limitBytes: LIMIT_BYTES };
  const answer = await askCommand(question, { clock: io.clock, signal });
  if (answer.kind === 'ended' && answer.code === 0) {
    const number = /\d+(?:\.\d+)*\w*/u.exec(`${answer.stdout}\n${answer.stderr}`)?.[0];
    return { name: shown, said: number === undefined ? shown : words`${shown} ${plainName(number)}` };
  }
  const what = answer.kind === 'too-slow' ? words`does not answer` : words`cannot be run`;
  const finding = warning(
    words`${shown} is here, but ${what}`,
    words`try it: ${shown} ${plainName(version.join(' '))}`,
  );
  return { name: shown, said: shown, finding };
}
