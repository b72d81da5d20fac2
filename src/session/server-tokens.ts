import { createHash } from 'node:crypto';
import path from 'node:path';
import { type Problem, problem } from '../model/problem.ts';
import { plainName } from '../model/text.ts';
import { userDirectories } from '../storage/directories.ts';
import { readSecretFile, writeSecretFile } from '../storage/secret-file.ts';
import type { SessionContext } from './context.ts';

/** The token that this process was given in its environment. It belongs to one server only. */
export type GivenToken =
  | { readonly kind: 'given'; readonly token: string }
  | { readonly kind: 'none' }
  | { readonly kind: 'refused'; readonly problem: Problem };

/** Reads `TASKGLASS_TOKEN`, or otherwise the file that `TASKGLASS_TOKEN_FILE` names. */
export async function readGivenToken({ env, cwd }: Pick<SessionContext, 'env' | 'cwd'>): Promise<GivenToken> {
  const { TASKGLASS_TOKEN: token, TASKGLASS_TOKEN_FILE: named } = env;
  if (token) return isHeaderText(token) ? { kind: 'given', token } : refuseGiven('TASKGLASS_TOKEN', ODD);
  if (!named) return { kind: 'none' };
  const file = path.resolve(cwd, named);
  const where = `TASKGLASS_TOKEN_FILE (${file})`;
  const read = await readSecretFile(file);
  switch (read.kind) {
    case 'missing':
      return refuseGiven(where, { why: 'it does not exist' });
    case 'unusable':
      return refuseGiven(where, read);
    case 'read':
      return isHeaderText(read.secret) ? { kind: 'given', token: read.secret } : refuseGiven(where, ODD);
  }
}

/** Tells whether an HTTP header can contain a text. */
export function isHeaderText(text: string): boolean {
  return /^[\x20-\x7e]+$/u.test(text);
}

const ODD = {
  why: 'it has characters that HTTP does not allow',
  hint: 'use ASCII letters, digits and punctuation',
};

function refuseGiven(where: string, { why, hint }: { why: string; hint?: string }): GivenToken {
  const words = plainName(`${where} is not used: ${why}`);
  return { kind: 'refused', problem: problem('malformed', 'down', words, hint && plainName(hint)) };
}

/** This user's tokens, in a file of mode 0600 each: those that were entered, and those of own servers. */
export interface TokenStore {
  /**
   * Returns the file for a server's token. Its name is made from `serverOf` the address and, on this machine, from the users
   * who listen there: if another user takes the port, that is a different server.
   */
  fileFor(server: string, owners: readonly number[]): string;
  /** Returns the file for the token of our own server on this port. */
  ownFile(port: number): string;
  /** Resolves with null if there is no usable token; it is then asked for, or made, again. */
  read(file: string): Promise<string | null>;
  /** Rejects with the system's error. */
  write(file: string, token: string): Promise<void>;
}

export function createTokenStore(env: SessionContext['env']): TokenStore {
  const inStore = (name: string) => path.join(userDirectories(env).data, 'tokens', name);
  return {
    fileFor(server, owners) {
      const host = new URL(server).host.replace(/[^\w.-]/gu, '_').slice(0, 100);
      const identity = JSON.stringify([server, ...owners]);
      return inStore(`${host}-${createHash('sha256').update(identity).digest('hex').slice(0, 16)}`);
    },
    ownFile: (port) => inStore(`serve-${port}`),
    async read(file) {
      const read = await readSecretFile(file);
      return read.kind === 'read' && isHeaderText(read.secret) ? read.secret : null;
    },
    write: writeSecretFile,
  };
}

/**
 * Returns the server that answers at an address of a source. Two addresses of one server share its token; two servers behind
 * one proxy do not.
 */
export function serverOf(url: string): string {
  const { origin, pathname } = new URL(url);
  return `${origin}${pathname.replace(/\/+$/u, '').replace(/\/agui$/u, '')}`;
}
