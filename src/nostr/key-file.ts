import { lstat, open, stat, unlink } from 'node:fs/promises';
import path from 'node:path';
import { npubEncode } from 'nostr-tools/nip19';
import { decrypt, encrypt } from 'nostr-tools/nip49';
import { generateSecretKey, getPublicKey } from 'nostr-tools/pure';
import { readWhole } from '../io/read-file.ts';
import { type Problem, type ProblemKind, problem } from '../model/problem.ts';
import { shellWord } from '../model/shell-word.ts';
import { type PlainText, plainName, words } from '../model/text.ts';
import { makeDirectory } from '../storage/make-directory.ts';
import { readLogN, readSecretKey } from './secret-key.ts';
import { createSigner, type Signer } from './signer.ts';

/**
 * The signing key is stored as NIP-49 defines: encrypted, in a file that only its owner can read. The public key is stored
 * beside it, in `….pub`, so that it can be shown without the passphrase. No message from here contains a secret.
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

/** The work factor of the keys that are written here: decrypting takes 64 MiB and a quarter of a second to a second. */
const LOG_N = 16;
/** The largest work factor that is accepted: 256 MiB and several seconds. More is a mistake, or an attack. */
const LARGEST_LOG_N = 18;
/** NIP-49: it is not known whether the key was ever handled insecurely. */
const UNKNOWN_SECURITY = 2;

/**
 * Loads the signing key: `nsec` (as nsec or hex, from `TASKGLASS_NSEC`) if it is given, else the one in the key file, for
 * which `passphrase` is called. Resolves with `none` if there is neither.
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
      : refuse('malformed', words`TASKGLASS_NSEC is not a secret key`, words`write nsec1… or 64 hex digits`);
  }
  return keyFile === undefined ? { kind: 'none' } : loadKeyFile(keyFile, passphrase);
}

async function loadKeyFile(
  file: string,
  passphrase: () => Promise<string | null>,
): Promise<Exclude<LoadedSigner, { kind: 'none' }>> {
  const where = plainName(file);
  const read = await readKeyFile(file);
  if (typeof read !== 'string') return read;
  const refusal = checkEncrypted(read, where);
  if (refusal) return refusal;
  const secret = await passphrase();
  if (secret === null)
    return refuse('no-key', words`${where} needs its passphrase`, words`set TASKGLASS_PASSPHRASE`);
  const key = decryptKey(read, secret);
  return key
    ? { kind: 'loaded', signer: createSigner(key) }
    : refuse('not-allowed', words`${where} does not open with this passphrase`, words`try again`);
}

/** Generates a key and stores it in `file`, which must not exist yet. */
export function createKeyFile(file: string, passphrase: string): Promise<StoredKey> {
  return storeKey(file, generateSecretKey(), passphrase);
}

/** Stores a key in `file`, which must not exist yet. `text` is an nsec, hex, or an ncryptsec with this passphrase. */
export async function importKey(file: string, text: string, passphrase: string): Promise<StoredKey> {
  const trimmed = text.trim().toLowerCase();
  if (!trimmed.startsWith('ncryptsec1')) {
    const key = readSecretKey(trimmed);
    return key
      ? storeKey(file, key, passphrase)
      : refuse(
          'malformed',
          words`this is not a secret key`,
          words`give nsec1…, ncryptsec1… or 64 hex digits`,
        );
  }
  const refusal = checkEncrypted(trimmed, words`what was given`);
  if (refusal) return refusal;
  const key = decryptKey(trimmed, passphrase);
  return key
    ? storeKey(file, key, passphrase)
    : refuse('not-allowed', words`the passphrase does not open this key`, words`try again`);
}

/**
 * Returns the public key of the key in a file. Calls `passphrase` only if the public key is no longer beside it, and then
 * writes it there again.
 */
export async function describeKey(
  file: string,
  passphrase: () => Promise<string | null>,
): Promise<StoredKey> {
  const read = await readKeyFile(file);
  if (typeof read !== 'string') return read;
  const found = await readPublicKey(file);
  if (found.kind === 'found') return { kind: 'stored', npub: found.npub, path: file };
  const loaded = await loadKeyFile(file, passphrase);
  if (loaded.kind === 'refused') return loaded;
  const npub = npubEncode(loaded.signer.pubkey);
  // If this fails, the passphrase will be needed again the next time.
  await writePublicKey(file, npub).catch(() => {});
  return { kind: 'stored', npub, path: file };
}

/** Writes both files or neither. */
async function storeKey(file: string, key: Uint8Array, passphrase: string): Promise<StoredKey> {
  if (passphrase === '') return refuse('not-allowed', words`a key is not stored without a passphrase`);
  // Checked before encrypting, which takes up to a second; `wx` still decides.
  if (await lstat(file).catch(() => null)) return refuseWrite(file, ALREADY_THERE);
  const npub = npubEncode(getPublicKey(key));
  try {
    await makeDirectory(path.dirname(file), 0o700);
    await writeNew(file, `${encrypt(key, passphrase, LOG_N, UNKNOWN_SECURITY)}\n`, 0o600);
  } catch (error) {
    return refuseWrite(file, error as NodeJS.ErrnoException);
  }
  try {
    await writePublicKey(file, npub);
  } catch (error) {
    await unlink(file).catch(() => {});
    return refusePublic(file, error as NodeJS.ErrnoException);
  }
  return { kind: 'stored', npub, path: file };
}

const ALREADY_THERE = Object.assign(new Error('there already'), { code: 'EEXIST' });

/** Writes the public key, replacing an old or damaged one; anything else in its place belongs to somebody, and stays. */
async function writePublicKey(file: string, npub: string): Promise<void> {
  if (['found', 'damaged'].includes((await readPublicKey(file)).kind)) await unlink(publicPath(file));
  await writeNew(publicPath(file), `${npub}\n`, 0o644);
}

/** Writes a new file, completely or not at all. Never overwrites one: it might be the only copy of a key. */
async function writeNew(file: string, text: string, mode: number): Promise<void> {
  const handle = await open(file, 'wx', mode);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } catch (error) {
    await unlink(file).catch(() => {});
    throw error;
  } finally {
    await handle.close();
  }
}

type PublicKey =
  | { readonly kind: 'found'; readonly npub: string }
  | { readonly kind: 'missing' | 'damaged' | 'other' };

async function readPublicKey(file: string): Promise<PublicKey> {
  const found = await readWhole(publicPath(file), LARGEST_FILE_BYTES);
  if ('problem' in found) return { kind: found.isMissing ? 'missing' : 'other' };
  const text = found.bytes.toString().trim();
  if (/^npub1[a-z0-9]{58}$/u.test(text)) return { kind: 'found', npub: text };
  return { kind: text === '' || text.startsWith('npub1') ? 'damaged' : 'other' };
}

async function readKeyFile(file: string): Promise<string | Refused> {
  const where = plainName(file);
  const found = await readWhole(file, LARGEST_FILE_BYTES);
  if ('problem' in found) {
    const { kind, message } = found.problem;
    if (found.isMissing) return noKey(file);
    return kind === 'too-large'
      ? refuse('malformed', words`${where} does not hold a key`)
      : refuse(kind, message);
  }
  const stats = await stat(file).catch(() => null);
  if (!stats || (stats.mode & 0o077) !== 0)
    return refuse('not-allowed', words`${where} can be read by others`, words`chmod 600 ${shellWord(file)}`);
  return found.bytes.toString().trim().toLowerCase();
}

function noKey(file: string): Refused {
  const hint = words`taskglass key new, or taskglass key import`;
  return refuse('missing', words`${plainName(file)} does not exist`, hint);
}

const LARGEST_FILE_BYTES = 4 * 1024;

function checkEncrypted(text: string, where: PlainText): Refused | null {
  const logN = readLogN(text);
  if (logN === null) return refuse('malformed', words`${where} is not an encrypted key (ncryptsec1…)`);
  if (logN > LARGEST_LOG_N) {
    return refuse(
      'too-large',
      words`${where} asks for 2^${logN} rounds of scrypt; at most 2^${LARGEST_LOG_N} are run`,
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

async function refuseWrite(file: string, { code }: NodeJS.ErrnoException): Promise<Refused> {
  const where = plainName(file);
  if (code !== 'EEXIST')
    return refuse('unreadable', words`${where} cannot be written (${plainName(code ?? 'unknown')})`);
  const there = await readKeyFile(file);
  if (typeof there === 'string' && readLogN(there) !== null)
    return refuse('not-allowed', words`${where} already holds a key`, words`move it elsewhere first`);
  const what = typeof there === 'string' ? ', but does not hold a key' : '';
  return refuse(
    'not-allowed',
    words`${where} already exists${what}`,
    words`look at it, then move it elsewhere`,
  );
}

function refusePublic(file: string, { code }: NodeJS.ErrnoException): Refused {
  const where = plainName(publicPath(file));
  const why =
    code === 'EEXIST' ? words`is in the way` : words`cannot be written (${plainName(code ?? 'unknown')})`;
  return refuse(
    'not-allowed',
    words`${where} ${why}: no key was stored`,
    words`the public key goes there: move it elsewhere first`,
  );
}

function refuse(kind: ProblemKind, message: PlainText, hint?: PlainText): Refused {
  return { kind: 'refused', problem: problem(kind, 'down', message, hint) };
}
