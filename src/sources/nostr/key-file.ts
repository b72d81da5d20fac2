import { mkdir, open, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { npubEncode } from 'nostr-tools/nip19';
import { decrypt, encrypt } from 'nostr-tools/nip49';
import { generateSecretKey, getPublicKey } from 'nostr-tools/pure';
import { type Problem, type ProblemKind, problem } from '../../model/problem.ts';
import { shellWord } from '../../model/shell-word.ts';
import { plainName } from '../../model/text.ts';
import { readLogN, readSecretKey } from './secret-key.ts';
import { createSigner, type Signer } from './signer.ts';

/**
 * The signing key at rest: encrypted as NIP-49 asks, in a file that only its owner can read. Beside it, in `….pub`,
 * lies the public key, so that it can be shown without the passphrase. No secret is in any message of this file.
 */

export interface Refused {
  readonly kind: 'refused';
  readonly problem: Problem;
}

export type LoadedSigner =
  | { readonly kind: 'loaded'; readonly signer: Signer }
  | { readonly kind: 'none' }
  | Refused;
export type StoredKey = { readonly kind: 'stored'; readonly npub: string; readonly path: string } | Refused;

/** The work factor of the keys written here: 64 MiB, and between a quarter of a second and one. */
const LOG_N = 16;
/** 18 takes 256 MiB and several seconds; more is a mistake, or meant to hurt. */
const LARGEST_LOG_N = 18;
/** NIP-49: whether the key was ever handled carelessly is not known. */
const UNKNOWN_SECURITY = 2;

/**
 * The key to sign with: `nsec` (an nsec or hex text, from `TASKGLASS_NSEC`) if it is given, else the key file's, for
 * which `passphrase` is asked. `none` where there is neither.
 */
export async function loadSigner(options: {
  nsec?: string | undefined;
  keyFile?: string | undefined;
  passphrase: () => Promise<string | null>;
}): Promise<LoadedSigner> {
  const { nsec, keyFile, passphrase } = options;
  if (nsec !== undefined && nsec.trim() !== '') {
    const key = readSecretKey(nsec);
    return key
      ? { kind: 'loaded', signer: createSigner(key) }
      : refuse('malformed', 'TASKGLASS_NSEC holds no secret key', 'write nsec1… or 64 hex digits');
  }
  return keyFile === undefined ? { kind: 'none' } : loadKeyFile(keyFile, passphrase);
}

async function loadKeyFile(file: string, passphrase: () => Promise<string | null>): Promise<LoadedSigner> {
  const where = plainName(file);
  const read = await readKeyFile(file);
  if (typeof read !== 'string') return read;
  const refusal = checkEncrypted(read, where);
  if (refusal) return refusal;
  const secret = await passphrase();
  if (secret === null) return refuse('no-key', `${where} needs its passphrase`, 'set TASKGLASS_PASSPHRASE');
  const key = decryptKey(read, secret);
  return key
    ? { kind: 'loaded', signer: createSigner(key) }
    : refuse('not-allowed', `${where} does not open with this passphrase`, 'try again');
}

/** Makes a new key and stores it in `file`, which must not exist yet. */
export function createKeyFile(file: string, passphrase: string): Promise<StoredKey> {
  return storeKey(file, generateSecretKey(), passphrase);
}

/** Stores a key given as nsec, hex, or an ncryptsec with this passphrase, in `file`, which must not exist yet. */
export async function importKey(file: string, text: string, passphrase: string): Promise<StoredKey> {
  const trimmed = text.trim().toLowerCase();
  if (!trimmed.startsWith('ncryptsec1')) {
    const key = readSecretKey(trimmed);
    return key
      ? storeKey(file, key, passphrase)
      : refuse('malformed', 'what was given is no secret key', 'give nsec1…, ncryptsec1… or 64 hex digits');
  }
  const refusal = checkEncrypted(trimmed, 'what was given');
  if (refusal) return refusal;
  const key = decryptKey(trimmed, passphrase);
  return key
    ? storeKey(file, key, passphrase)
    : refuse('not-allowed', 'the passphrase does not open this key', 'try again');
}

/** Whose key the file holds. Needs no passphrase. */
export async function describeKey(file: string): Promise<StoredKey> {
  const read = await readKeyFile(file);
  if (typeof read !== 'string') return read;
  const npub = (await readFile(publicPath(file), 'utf8').catch(() => '')).trim();
  return npub.startsWith('npub1') && npub.length < 100
    ? { kind: 'stored', npub, path: file }
    : refuse('missing', `${plainName(publicPath(file))} is missing`, 'it is made with the key');
}

async function storeKey(file: string, key: Uint8Array, passphrase: string): Promise<StoredKey> {
  if (passphrase === '') return refuse('not-allowed', 'a key is not stored without a passphrase');
  const npub = npubEncode(getPublicKey(key));
  try {
    await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
    await writeNew(file, `${encrypt(key, passphrase, LOG_N, UNKNOWN_SECURITY)}\n`, 0o600);
    await writeNew(publicPath(file), `${npub}\n`, 0o644);
  } catch (error) {
    return refuseWrite(file, error as NodeJS.ErrnoException);
  }
  return { kind: 'stored', npub, path: file };
}

/** Never over an existing file: it might be somebody's only copy of a key. */
async function writeNew(file: string, text: string, mode: number): Promise<void> {
  const handle = await open(file, 'wx', mode);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function readKeyFile(file: string): Promise<string | Refused> {
  const where = plainName(file);
  try {
    const { mode, size } = await stat(file);
    if ((mode & 0o077) !== 0) {
      return refuse('not-allowed', `${where} can be read by others`, `chmod 600 ${shellWord(file)}`);
    }
    if (size > LARGEST_FILE_BYTES) return refuse('malformed', `${where} holds no key`);
    return (await readFile(file, 'utf8')).trim().toLowerCase();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === 'ENOENT'
      ? refuse('missing', `${where} does not exist`, 'taskglass key new, or taskglass key import')
      : refuse('unreadable', `${where} cannot be read (${plainName(code ?? 'unknown')})`);
  }
}

const LARGEST_FILE_BYTES = 4 * 1024;

function checkEncrypted(text: string, where: string): Refused | null {
  const logN = readLogN(text);
  if (logN === null) return refuse('malformed', `${where} is no encrypted key (ncryptsec1…)`);
  if (logN > LARGEST_LOG_N) {
    return refuse(
      'too-large',
      `${where} asks for 2^${logN} rounds of scrypt; at most 2^${LARGEST_LOG_N} are run`,
    );
  }
  return null;
}

function decryptKey(ncryptsec: string, passphrase: string): Uint8Array | null {
  try {
    return decrypt(ncryptsec, passphrase);
  } catch {
    return null;
  }
}

function publicPath(file: string): string {
  return `${file}.pub`;
}

function refuseWrite(file: string, { code }: NodeJS.ErrnoException): Refused {
  const where = plainName(file);
  return code === 'EEXIST'
    ? refuse('not-allowed', `${where} holds a key already`, 'move it away first')
    : refuse('unreadable', `${where} cannot be written (${plainName(code ?? 'unknown')})`);
}

function refuse(kind: ProblemKind, message: string, hint?: string): Refused {
  return { kind: 'refused', problem: problem(kind, 'down', message, hint) };
}
