import { text as readAll } from 'node:stream/consumers';
import type { Io } from '../../../io/io.ts';
import { printData, say } from '../../../io/print.ts';
import { plainName, words } from '../../../model/text.ts';
import { createKeyFile, describeKey, importKey, type StoredKey } from '../../../nostr/key-file.ts';
import { defaultKeyFile } from '../../../session/signing-key.ts';
import { askPassphrase, askSecret } from '../../keys/ask-secret.ts';
import { EXIT, refuse } from '../../process/exit.ts';

/** The options of `taskglass key`. */
export interface KeyOptions {
  readonly file?: string;
}

/** Makes a signing key, stores it encrypted (NIP-49), and prints the public key. */
export async function runKeyNew(options: KeyOptions, io: Io): Promise<number> {
  const file = keyFile(options, io);
  return finish(await withNewPassphrase(io, (passphrase) => createKeyFile(file, passphrase)), io);
}

/** Stores an existing key in the same way. */
export async function runKeyImport(options: KeyOptions, io: Io): Promise<number> {
  return finish(await importFrom(keyFile(options, io), io), io);
}

/** Prints the public key. */
export async function runKeyShow(options: KeyOptions, io: Io): Promise<number> {
  const ask = () => askPassphrase(words`passphrase of the key: `, io);
  return finish(await describeKey(keyFile(options, io), ask), io);
}

function keyFile({ file }: KeyOptions, io: Io): string {
  return file ?? defaultKeyFile(io);
}

type Outcome = StoredKey | null;

/** Reads the key from standard input or a hidden prompt. On the command line, every user could see it. */
async function importFrom(file: string, io: Io): Promise<Outcome> {
  const key = io.stdin.isTTY
    ? await askSecret(words`key (nsec1…, ncryptsec1… or hex): `, io)
    : await readAll(io.stdin);
  if (!key?.trim()) return null;
  return withNewPassphrase(io, (passphrase) => importKey(file, key, passphrase));
}

async function withNewPassphrase(
  io: Io,
  store: (passphrase: string) => Promise<StoredKey>,
): Promise<Outcome> {
  const passphrase = await askPassphrase(words`passphrase to encrypt it with: `, io);
  if (passphrase === null) return null;
  const isTyped = !io.env.TASKGLASS_PASSPHRASE;
  if (isTyped && (await askSecret(words`repeat the passphrase: `, io)) !== passphrase) return null;
  return store(passphrase);
}

function finish(outcome: Outcome, io: Io): number {
  if (outcome === null) return refuse(io, NOTHING_GIVEN, EXIT.usage);
  if (outcome.kind === 'refused') return refuse(io, outcome.problem, EXIT.usage);
  printData(io, outcome.npub);
  say(io, words`taskglass: the key is in ${plainName(outcome.path)}`);
  return EXIT.ok;
}

const NOTHING_GIVEN = {
  message: words`key: no key or no passphrase was given, or the two passphrases differ`,
  hint: words`run it in a terminal, or set TASKGLASS_PASSPHRASE and give the key on standard input`,
};
