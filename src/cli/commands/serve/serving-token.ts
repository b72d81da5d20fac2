import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import type { Io } from '../../../io/io.ts';
import { say } from '../../../io/print.ts';
import { errorMessage, type Problem, problem } from '../../../model/problem.ts';
import { plainName, words } from '../../../model/text.ts';
import { createTokenStore, readGivenToken } from '../../../session/server-tokens.ts';
import { complain } from '../../process/exit.ts';

/** The token of the server that is about to listen. */
export interface ServingToken {
  readonly kind: 'token';
  readonly secret: string;
  /** Stores it where its owner finds it, for the port that the server got, and says where; never prints the token itself. */
  publish(port: number, purpose: string): Promise<void>;
  /** Removes what is no longer needed. */
  withdraw(): Promise<void>;
}

/**
 * Returns the token from the environment; otherwise the one that this port had before, so that earlier clients can
 * reconnect; otherwise a new one. A port picked by the system gets a token that ends with the server.
 */
export async function openServingToken(
  port: number,
  io: Io,
): Promise<ServingToken | { readonly kind: 'refused'; readonly problem: Problem }> {
  const given = await readGivenToken(io);
  if (given.kind === 'refused') {
    const { message, hint } = given.problem;
    return { kind: 'refused', problem: problem('malformed', 'down', words`serve: ${message}`, hint) };
  }
  if (given.kind === 'given')
    return { kind: 'token', secret: given.token, publish: async () => {}, withdraw: async () => {} };

  const store = createTokenStore(io.env);
  const isKept = port !== 0;
  const secret = (isKept && (await store.read(store.ownFile(port)))) || newToken();
  let file: string | null = null;
  return {
    kind: 'token',
    secret,
    async publish(boundPort, purpose) {
      file = store.ownFile(boundPort);
      try {
        if ((await store.read(file)) !== secret) await store.write(file, secret);
        say(
          io,
          words`taskglass: serve: to ${plainName(purpose)} from elsewhere, use the token in ${plainName(file)}`,
        );
      } catch (error) {
        complain(io, notKept(file, error));
      }
    },
    async withdraw() {
      if (!isKept && file !== null) await rm(file, { force: true }).catch(() => {});
    },
  };
}

/** Makes a token of 128 bits, which nobody can guess. */
function newToken(): string {
  return randomBytes(16).toString('base64url');
}

function notKept(file: string, error: unknown): Problem {
  const said = plainName(`serve: its token cannot be saved in ${file}: ${errorMessage(error)}`);
  return problem('unreadable', 'degraded', said, 'set one with TASKGLASS_TOKEN_FILE');
}
