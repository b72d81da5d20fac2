import type { Io } from '../../io/io.ts';
import type { PlainText } from '../../model/text.ts';
import type { SessionContext } from '../../session/context.ts';
import { complain } from '../process/exit.ts';

/** Adapts the process for a session: problems go to stderr, and secrets are asked for if there is a terminal. */
export function sessionContext(io: Io): SessionContext {
  const { env, cwd, clock, signal } = io;
  return {
    env,
    cwd,
    clock,
    signal,
    async runAgain(statePath) {
      const { runAgain } = await import('../commands/run/run-again.ts');
      return runAgain(statePath, io);
    },
    onProblem: (said) => complain(io, said),
    // Opened only if it is needed, because opening it takes time.
    get stdin() {
      return io.stdin;
    },
    get askSecret() {
      return io.stderr.isTTY && io.stdin.isTTY ? ask : null;
    },
  };

  async function ask(question: PlainText): Promise<string | null> {
    const { askSecret } = await import('../keys/ask-secret.ts');
    return askSecret(question, io);
  }
}
