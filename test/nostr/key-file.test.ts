import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, unlink, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { inspect } from 'node:util';
import { npubEncode, nsecEncode } from 'nostr-tools/nip19';
import { encrypt } from 'nostr-tools/nip49';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createKeyFile, describeKey, importKey, loadSigner } from '../../src/nostr/key-file.ts';
import { readLogN } from '../../src/nostr/secret-key.ts';
import { keyPair } from '../helpers/events.ts';
import { makeNoFile, NO_FILES } from '../helpers/no-file.ts';

const { secretKey, pubkey } = keyPair(1);
const hex = Buffer.from(secretKey).toString('hex');
const npub = npubEncode(pubkey);
const nobody = async () => null;
const knowing = (passphrase: string) => async () => passphrase;

let directory: string;
let file: string;
beforeEach(async () => {
  directory = await mkdtemp(path.join(os.tmpdir(), 'taskglass-key-'));
  file = path.join(directory, 'keys', 'nostr.key');
});
afterEach(() => rm(directory, { recursive: true, force: true }));

describe('a key in the environment', () => {
  it.each([hex, hex.toUpperCase(), nsecEncode(secretKey), ` ${nsecEncode(secretKey)}\n`])(
    'is read',
    async (nsec) => {
      expect(await loadSigner({ nsec, passphrase: nobody })).toMatchObject({
        kind: 'loaded',
        signer: { pubkey },
      });
    },
  );

  it.each(['nsec1qqqq', 'hunter2', npub, '0'.repeat(64), 'f'.repeat(64)])(
    'that is none is refused without being repeated',
    async (nsec) => {
      const loaded = await loadSigner({ nsec, passphrase: nobody });
      expect(loaded).toMatchObject({
        kind: 'refused',
        problem: { message: 'TASKGLASS_NSEC is not a secret key' },
      });
      expect(JSON.stringify(loaded)).not.toContain(nsec);
    },
  );

  it('is not there', async () => {
    expect(await loadSigner({ passphrase: nobody })).toEqual({ kind: 'none' });
    expect(await loadSigner({ nsec: ' ', passphrase: nobody })).toEqual({ kind: 'none' });
  });

  it('does not show in the signer', async () => {
    const loaded = await loadSigner({ nsec: hex, passphrase: nobody });
    const shown = inspect(loaded, { depth: 9, showHidden: true }) + JSON.stringify(loaded);
    expect(shown).not.toContain(hex.slice(-8));
    expect(shown).not.toContain(nsecEncode(secretKey).slice(10, 30));
  });
});

describe('a key file', () => {
  it('is made for its owner only, encrypted, with the public key beside it', async () => {
    const stored = await createKeyFile(file, 'correct horse');
    if (stored.kind !== 'stored') throw new Error('not stored');
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect((await stat(path.dirname(file))).mode & 0o777).toBe(0o700);
    expect(await readFile(file, 'utf8')).toMatch(/^ncryptsec1[a-z0-9]+\n$/u);
    expect((await readdir(path.dirname(file))).toSorted()).toEqual(['nostr.key', 'nostr.key.pub']);
    expect(await describeKey(file, nobody)).toEqual(stored);

    const loaded = await loadSigner({ keyFile: file, passphrase: knowing('correct horse') });
    if (loaded.kind !== 'loaded') throw new Error('not loaded');
    expect(npubEncode(loaded.signer.pubkey)).toBe(stored.npub);
  });

  it.each([hex, nsecEncode(secretKey), encrypt(secretKey, 'pass', 4)])('takes a key in', async (text) => {
    expect(await importKey(file, `${text}\n`, 'pass')).toEqual({ kind: 'stored', npub, path: file });
    expect(await loadSigner({ keyFile: file, passphrase: knowing('pass') })).toMatchObject({
      signer: { pubkey },
    });
  });

  it('is never written over', async () => {
    await importKey(file, hex, 'pass');
    expect(await createKeyFile(file, 'pass')).toMatchObject({
      problem: { message: `${file} already holds a key` },
    });
    expect(await describeKey(file, nobody)).toMatchObject({ npub });
  });

  it.each([
    ['another passphrase', knowing('wrong'), 'does not open with this passphrase'],
    ['no passphrase', nobody, 'needs its passphrase'],
  ])('does not open with %s', async (_, passphrase, words) => {
    await importKey(file, hex, 'pass');
    expect(await loadSigner({ keyFile: file, passphrase })).toMatchObject({
      problem: { message: `${file} ${words}` },
    });
  });

  it('that others can read is not used', async () => {
    await importKey(file, hex, 'pass');
    await chmod(file, 0o644);
    expect(await loadSigner({ keyFile: file, passphrase: knowing('pass') })).toMatchObject({
      problem: { message: `${file} can be read by others`, hint: `chmod 600 ${file}` },
    });
  });

  it('that asks for hours of work is not even tried', async () => {
    const modest = encrypt(secretKey, 'pass', 4);
    const greedy = `${modest.slice(0, 12)}2q${modest.slice(14)}`;
    expect([readLogN(modest), readLogN(greedy)]).toEqual([4, 20]);
    expect(await importKey(file, greedy, 'pass')).toMatchObject({ problem: { kind: 'too-large' } });
  });

  it.each([
    ['nothing', ''],
    ['words', 'hello'],
    ['a bare key', hex],
    ['half a key', encrypt(secretKey, 'pass', 4).slice(0, 80)],
    ['megabytes', 'q'.repeat(1_000_000)],
  ])('that holds %s is refused', async (_, content) => {
    const bad = path.join(directory, 'bad.key');
    await writeFile(bad, content, { mode: 0o600 });
    const loaded = await loadSigner({ keyFile: bad, passphrase: knowing('pass') });
    expect(loaded).toMatchObject({ kind: 'refused', problem: { kind: 'malformed' } });
    expect(JSON.stringify(loaded)).not.toContain(hex);
  });

  it('that is missing says how to make it', async () => {
    expect(await describeKey(file, nobody)).toMatchObject({
      problem: { message: `${file} does not exist`, hint: 'taskglass key new, or taskglass key import' },
    });
  });

  it('needs a passphrase', async () => {
    expect(await createKeyFile(file, '')).toMatchObject({
      problem: { message: 'a key is not stored without a passphrase' },
    });
  });

  it.each(NO_FILES)('that is %s is refused at once, and is not written over', async (_, kind) => {
    const place = path.join(directory, 'key');
    await using _made = await makeNoFile(kind, place);
    expect(await loadSigner({ keyFile: place, passphrase: knowing('pass') })).toMatchObject({
      kind: 'refused',
      problem: { message: expect.stringMatching(/ is a (pipe|socket|device|directory), not a file$/u) },
    });
    expect(await createKeyFile(place, 'pass')).toMatchObject({
      problem: { message: `${place} already exists`, hint: 'look at it, then move it elsewhere' },
    });
  });

  it('that could not be written whole is not left behind', () => {
    const module = new URL('../../src/nostr/key-file.ts', import.meta.url).href;
    const program = `
      import { createKeyFile } from ${JSON.stringify(module)};
      const stored = await createKeyFile(process.argv[1], 'pass');
      console.log(stored.problem?.message ?? stored.kind);`;
    const keyNew = (limit: string) => {
      const command = `ulimit -f ${limit}; exec "$0" --input-type=module --eval "$1" "$2"`;
      return execFileSync('sh', ['-c', command, process.execPath, program, file], { encoding: 'utf8' });
    };
    expect(keyNew('0')).toBe(`${file} cannot be written (EFBIG)\n`);
    expect(readdirSync(path.dirname(file))).toEqual([]);
    expect(keyNew('unlimited')).toBe('stored\n');
  });

  it('is stored with its public key, or not at all', async () => {
    await mkdir(`${file}.pub`, { recursive: true });
    expect(await importKey(file, hex, 'pass')).toMatchObject({
      problem: { message: `${file}.pub is in the way: no key was stored` },
    });
    await rm(`${file}.pub`, { recursive: true });
    await writeFile(`${file}.pub`, 'ssh-ed25519 AAAA');
    expect(await importKey(file, hex, 'pass')).toMatchObject({ kind: 'refused' });
    expect(await readFile(`${file}.pub`, 'utf8')).toBe('ssh-ed25519 AAAA');
    await writeFile(`${file}.pub`, `${npubEncode(keyPair(2).pubkey)}\n`);
    expect(await importKey(file, hex, 'pass')).toMatchObject({ kind: 'stored' });
    expect(await readFile(`${file}.pub`, 'utf8')).toBe(`${npub}\n`);
  });

  it.each(['missing', 'damaged'])('whose public key is %s is shown with its passphrase', async (how) => {
    await importKey(file, hex, 'pass');
    if (how === 'missing') await unlink(`${file}.pub`);
    else await writeFile(`${file}.pub`, 'npub1');
    expect(await describeKey(file, nobody)).toMatchObject({
      problem: { message: `${file} needs its passphrase` },
    });
    expect(await describeKey(file, knowing('pass'))).toMatchObject({ npub });
    expect(await describeKey(file, nobody)).toMatchObject({ npub });
  });

  it('that holds nothing is not called a key', async () => {
    await mkdir(path.dirname(file));
    await writeFile(file, '', { mode: 0o600 });
    expect(await createKeyFile(file, 'pass')).toMatchObject({
      problem: { message: `${file} already exists, but does not hold a key` },
    });
  });
});
