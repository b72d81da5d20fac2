import { text as readAll } from 'node:stream/consumers';
import type { Io } from '../../io/io.ts';
import { ownWords } from '../../model/text.ts';
import { createKeyFile, describeKey, importKey, type StoredKey } from '../../nostr/key-file.ts';
import { defaultKeyFile } from '../../session/signing-key.ts';
import { noVerb } from '../command-line.ts';
import { askPassphrase, askSecret } from '../keys/ask-secret.ts';
import { EXIT, refuse } from '../process/exit.ts';

/** `taskglass key new|import|show`: the signing key, encrypted at rest (NIP-49). Prints the public key. */
export async function runKey(verb: string, options: { readonly file?: string }, io: Io): Promise<number> {
  const file = options.file ?? defaultKeyFile(io);
  switch (verb) {
    case 'new':
      return finish(await withNewPassphrase(io, (passphrase) => createKeyFile(file, passphrase)), io);
    case 'import':
      return finish(await importFrom(file, io), io);
    case 'show':
      return finish(await describeKey(file, () => askPassphrase('passphrase of the key: ', io)), io);
    default:
      return refuse(io, noVerb('key', verb, 'new, import or show'), EXIT.usage);
  }
}

type Outcome = StoredKey | null;

/** The key comes on standard input, or is typed unseen: never in a command line, which everybody can read. */
async function importFrom(file: string, io: Io): Promise<Outcome> {
  const key = io.stdin.isTTY
    ? await askSecret('key (nsec1…, ncryptsec1… or hex): ', io)
    : await readAll(io.stdin);
  if (!key?.trim()) return null;
  return withNewPassphrase(io, (passphrase) => importKey(file, key, passphrase));
}

async function withNewPassphrase(
  io: Io,
  store: (passphrase: string) => Promise<StoredKey>,
): Promise<Outcome> {
  const passphrase = await askPassphrase('passphrase to encrypt it with: ', io);
  if (passphrase === null) return null;
  const isTyped = !io.env.TASKGLASS_PASSPHRASE;
  if (isTyped && (await askSecret('the same again: ', io)) !== passphrase) return null;
  return store(passphrase);
}

function finish(outcome: Outcome, io: Io): number {
  if (outcome === null) return refuse(io, NOTHING_GIVEN, EXIT.usage);
  if (outcome.kind === 'refused') return refuse(io, outcome.problem, EXIT.usage);
  io.stdout.write(`${outcome.npub}\n`);
  io.stderr.write(`taskglass: the key is in ${outcome.path}\n`);
  return EXIT.ok;
}

const NOTHING_GIVEN = {
  message: ownWords('key: no key or no passphrase was given, or they were not the same twice'),
  hint: ownWords('run it in a terminal, or set TASKGLASS_PASSPHRASE and give the key on standard input'),
};
