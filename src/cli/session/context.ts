import type { Io } from '../../io/io.ts';
import type { SessionContext } from '../../session/context.ts';
import { complain } from '../process/exit.ts';

/** The process as a session needs it: problems go to stderr, secrets are asked for where there is a terminal. */
export function sessionContext(io: Io): SessionContext {
  const { env, cwd, clock, signal, stdin, stderr } = io;
  return {
    env,
    cwd,
    clock,
    signal,
    stdin,
    onProblem: (said) => complain(io, said),
    askSecret: stdin.isTTY && stderr.isTTY ? ask : null,
  };

  async function ask(question: string): Promise<string | null> {
    const { askSecret } = await import('../keys/ask-secret.ts');
    return askSecret(question, io);
  }
}
