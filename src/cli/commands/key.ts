import type { CliCommand } from '../command.ts';
import type { KeyOptions } from './key/run-key.ts';

const createKey: CliCommand<KeyOptions> = {
  name: 'new',
  about: 'make a key and encrypt it with a passphrase',
  examples: ['taskglass key new'],
  async run({ options, io }) {
    const { runKeyNew } = await import('./key/run-key.ts');
    return runKeyNew(options, io);
  },
};

const importKey: CliCommand<KeyOptions> = {
  name: 'import',
  about: 'import a key from standard input: nsec1…, ncryptsec1… or hex',
  examples: ['taskglass key import < key.txt'],
  async run({ options, io }) {
    const { runKeyImport } = await import('./key/run-key.ts');
    return runKeyImport(options, io);
  },
};

const showKey: CliCommand<KeyOptions> = {
  name: 'show',
  about: 'print the public key',
  examples: ['taskglass key show'],
  async run({ options, io }) {
    const { runKeyShow } = await import('./key/run-key.ts');
    return runKeyShow(options, io);
  },
};

export const key: CliCommand = {
  name: 'key',
  usage: '[options] VERB',
  about: 'make, import or show the signing key',
  examples: [],
  options: [{ flags: '--file <path>', about: 'the NIP-49 key file' }],
  verbs: async () => ({ Verbs: [createKey, importKey, showKey] }),
};
