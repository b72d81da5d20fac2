import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { hookEntry, hookEvents, installedHooks } from '../../../src/agents/claude/hooks/installed.ts';
import { runHere, type Said } from '../../helpers/console.ts';
import { temporaryDirectory } from '../../helpers/temporary-directory.ts';

let folder: Awaited<ReturnType<typeof temporaryDirectory>>;
let settings: string;
beforeEach(async () => {
  folder = await temporaryDirectory();
  mkdirSync(folder.file('.home/.claude'), { recursive: true });
  mkdirSync(folder.file('bin'));
  settings = folder.file('.home/.claude/settings.json');
});
afterEach(() => folder[Symbol.asyncDispose]());

const hooks = (...words: string[]): Promise<Said> =>
  runHere(['hooks', ...words], { cwd: folder.path, env: { PATH: folder.file('bin') } });
const install = (...options: string[]) => hooks('install', 'claude', ...options);
const remove = (...options: string[]) => hooks('remove', 'claude', ...options);
const read = () => readFileSync(settings, 'utf8');
const inFile = () => installedHooks(JSON.parse(read()));
const putClaude = (said: string) =>
  writeFileSync(folder.file('bin/claude'), `#!/bin/sh\necho '${said}'\n`, { mode: 0o755 });

const OTHERS = `{
    "env": {"KEY": "secret"},
    "hooks": {
        "Stop": [{"matcher": "", "hooks": [{"type":"command","command":"echo 'mine' # claude-hook.js"}]}]
    },
    "permissions": { "allow": [ "Bash(ls:*)" ] }
}`;

describe('hooks install', () => {
  it('adds ours behind those of others, and changes nothing else', async () => {
    writeFileSync(settings, OTHERS);
    expect(await install()).toMatchObject({ code: 0, stdout: '' });
    const document = JSON.parse(read());
    expect(document.hooks.Stop).toHaveLength(2);
    expect(read()).toContain(`[{"type":"command","command":"echo 'mine' # claude-hook.js"}]`);
    expect(
      inFile()
        .map(({ event }) => event)
        .sort(),
    ).toEqual(hookEvents(null).sort());
    expect(inFile().every(({ program }) => existsSync(program?.file ?? ''))).toBe(true);
    expect(document.hooks.PermissionRequest[0].hooks[0]).toMatchObject({ timeout: 65 });
  });

  it('changes nothing the second time, and only ours with another wish', async () => {
    writeFileSync(settings, OTHERS);
    await install();
    const [text, { mtimeNs }] = [read(), statSync(settings, { bigint: true })];
    expect((await install()).stderr).toMatch(/already has them: nothing was changed/);
    expect(statSync(settings, { bigint: true }).mtimeNs).toBe(mtimeNs);
    await install('--hold', '0');
    expect(read()).not.toBe(text);
    expect(inFile()).toHaveLength(hookEvents(null).length);
    await install();
    expect(read()).toBe(text);
  });

  it('prints what it would do, and none of what else is in the file', async () => {
    writeFileSync(settings, OTHERS);
    const { stdout } = await install('--dry-run');
    expect(stdout).toContain('+ PermissionRequest: {"type":"command"');
    expect(stdout).not.toContain('secret');
    expect(read()).toBe(OTHERS);
  });

  it('installs in a project by its own settings, which are not shared', async () => {
    expect((await install('--project')).code).toBe(0);
    expect(existsSync(folder.file('.claude/settings.local.json'))).toBe(true);
    expect(existsSync(settings)).toBe(false);
    expect((await hooks('status', '--project')).code).toBe(0);
    await remove('--project');
    expect(existsSync(folder.file('.claude/settings.local.json'))).toBe(false);
  });

  it.each([
    ['1.0.40 (Claude Code)', ['Notification', 'Stop']],
    ['2.0.60 (Claude Code)', hookEvents('2.0.60')],
    ['2.1.332 (Claude Code)', hookEvents(null)],
    ['another claude', hookEvents(null)],
  ])('leaves out what this version would refuse its whole settings for: %s', async (said, events) => {
    putClaude(said);
    await install();
    expect(
      inFile()
        .map(({ event }) => event)
        .sort(),
    ).toEqual([...events].sort());
    expect(hookEvents('2.0.60')).toContain('PermissionRequest');
    expect(hookEvents('2.0.60')).not.toContain('TaskCreated');
  });
});

describe('hooks remove', () => {
  const entry = hookEntry('Stop', { node: '/n', file: '/claude-hook.js', version: '1', holdS: 0 });

  it.each([
    ['others hooks', OTHERS],
    ['an empty object', '{}'],
    ['an empty object of several lines', '{\n\n}\n'],
    ['an empty hooks object', '{"hooks": { }}\n'],
    ['an empty list', '{"hooks": {"Stop": [\n]}, "model": "x"}'],
    ['no line end', '{"model":"x"}'],
    ['other line ends', '{\r\n  "model": "x"\r\n}\r\n'],
    ['a byte order mark', '\ufeff{"model":"x"}\n'],
    ['big numbers and escapes', '{"a":12345678901234567890,"b":"\\u2014"}\n'],
    ['a key that comes twice', '{"hooks":{"Stop":[]},"hooks":{"Stop":[ {"hooks":[]} ]}}'],
  ])('leaves the file as it was, byte for byte: %s', async (_name, text) => {
    writeFileSync(settings, text, { mode: 0o600 });
    expect((await install()).code).toBe(0);
    expect(read()).not.toBe(text);
    await install('--hold', '7');
    expect((await remove()).stderr).toMatch(/hooks were removed/);
    expect(read()).toBe(text);
    expect(statSync(settings).mode & 0o777).toBe(0o600);
    expect((await remove()).stderr).toMatch(/taskglass has no hooks/);
  });

  it('leaves no file where there was none', async () => {
    await install();
    expect(inFile()).not.toEqual([]);
    await remove();
    expect(existsSync(settings)).toBe(false);
  });

  it('takes out ours alone, wherever others have put theirs meanwhile', async () => {
    writeFileSync(
      settings,
      JSON.stringify({
        hooks: {
          Stop: [{ hooks: [entry, { type: 'command', command: 'a' }] }, { hooks: [entry] }, { hooks: [] }],
        },
        x: 1,
      }),
    );
    await remove();
    expect(read()).toBe(
      '{"hooks":{"Stop":[{"hooks":[{"type":"command","command":"a"}]},{"hooks":[]}]},"x":1}',
    );
  });

  it('is the inverse of install for any settings', async () => {
    const group = fc.record({
      matcher: fc.string(),
      hooks: fc.array(fc.record({ type: fc.constant('command'), command: fc.string() }), { maxLength: 2 }),
    });
    const document = fc.record(
      {
        model: fc.string(),
        hooks: fc.dictionary(
          fc.constantFrom('Stop', 'PreToolUse', 'Notification'),
          fc.array(group, { maxLength: 2 }),
        ),
      },
      { requiredKeys: [] },
    );
    await fc.assert(
      fc.asyncProperty(document, fc.constantFrom(undefined, 1, 2, '\t'), async (value, layout) => {
        const text = JSON.stringify(value, null, layout);
        writeFileSync(settings, text);
        await install();
        await remove();
        expect(read()).toBe(text);
      }),
      { numRuns: 40 },
    );
  });
});

describe('settings that cannot be changed', () => {
  it.each([
    [
      'are not JSON',
      () => writeFileSync(settings, '{"a": 1, // why\n}'),
      /settings\.json is not valid JSON \(line 1/,
    ],
    [
      'are no object',
      () => writeFileSync(settings, '[]'),
      /was left unchanged: the document in it is not an object/,
    ],
    ['have other hooks', () => writeFileSync(settings, '{"hooks":[]}'), /"hooks" in it is not an object/],
    [
      'have a hook of another shape',
      () => writeFileSync(settings, '{"hooks":{"Stop":{}}}'),
      /"hooks\.Stop" in it is not a list/,
    ],
    ['are a directory', () => mkdirSync(settings), /settings\.json is a directory, not a file/],
    [
      'are not text',
      () => writeFileSync(settings, Buffer.from('{"a":"\xfc"}', 'latin1')),
      /neither UTF-8 nor UTF-16/,
    ],
    [
      'are read-only',
      () => {
        writeFileSync(settings, '{}');
        chmodSync(settings, 0o444);
      },
      /was left unchanged: it is read-only/,
    ],
    [
      'have no directory',
      () => rmSync(folder.file('.home/.claude'), { recursive: true }),
      /there is no .*\.claude \(start Claude Code once/,
    ],
  ])('%s: one clear line, and nothing is lost', async (_name, make, said) => {
    make();
    const before = existsSync(settings) && statSync(settings).isFile() ? readFileSync(settings) : null;
    const { code, stderr } = await install();
    expect({ code, lines: stderr.trim().split('\n').length }).toEqual({ code: 2, lines: 1 });
    expect(stderr).toMatch(said);
    if (before) expect(readFileSync(settings)).toEqual(before);
  });

  it('stay a link if they are one', async () => {
    const target = folder.file('dotfiles.json');
    writeFileSync(target, OTHERS);
    symlinkSync(target, settings);
    await install();
    expect(lstatSync(settings).isSymbolicLink()).toBe(true);
    expect(installedHooks(JSON.parse(readFileSync(target, 'utf8')))).not.toEqual([]);
    await remove();
    expect(readFileSync(target, 'utf8')).toBe(OTHERS);
  });

  it.each([
    [['install', 'codex']],
    [['remove', 'codex']],
    [['install', 'claude', '--hold', '-1']],
    [['install', 'claude', '--hold', 'x']],
  ])('are not looked for: %j', async (words) => {
    expect(await hooks(...words)).toMatchObject({ code: 2, stdout: '' });
    expect(existsSync(settings)).toBe(false);
  });
});

describe('hooks status', () => {
  const status = async () => {
    const { code, stdout } = await hooks('status', 'claude', '--json');
    return { code, ...JSON.parse(stdout) };
  };

  it('tells what is installed, and by which version', async () => {
    expect(await status()).toMatchObject({ code: 1, installed: [], disabled: null });
    await install();
    const { version } = JSON.parse(readFileSync(join(import.meta.dirname, '../../../package.json'), 'utf8'));
    expect(await status()).toMatchObject({ code: 0, missing: [], versions: [version], holdS: 60, gone: [] });
    expect((await hooks('status')).stdout).toMatch(/installed: SessionStart.*\n {2}by version: /);
  });

  it('tells what is gone, old, or left out', async () => {
    const old = {
      node: folder.file("no'de"),
      file: folder.file('claude-hook.js'),
      version: '0.0.1',
      holdS: 9,
    };
    writeFileSync(
      settings,
      JSON.stringify({ hooks: { PermissionRequest: [{ hooks: [hookEntry('PermissionRequest', old)] }] } }),
    );
    expect(await status()).toMatchObject({
      code: 1,
      versions: ['0.0.1'],
      holdS: 9,
      gone: [old.node, old.file],
    });
    expect((await hooks('status')).stdout).toMatch(/gone: .*no'de \(taskglass hooks install claude\)/);
  });

  it.each([
    ['.home/.claude/settings.json', '{"disableAllHooks": true}'],
    ['.claude/settings.local.json', '{"disableAllHooks": true}'],
  ])('tells which settings switch hooks off: %s', async (file, text) => {
    mkdirSync(folder.file('.claude'));
    writeFileSync(folder.file(file), text);
    await install();
    expect(await status()).toMatchObject({
      code: 1,
      disabled: { setting: 'disableAllHooks', file: folder.file(file) },
    });
  });
});
