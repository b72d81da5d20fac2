import { writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { environmentLayer, resolveSettings } from '../../../src/cli/config/settings.ts';
import { shownSpec } from '../../../src/notify/channel-spec.ts';
import { runHere } from '../../helpers/console.ts';
import { temporaryDirectory } from '../../helpers/temporary-directory.ts';

const fromFile = (notify: unknown) =>
  resolveSettings([{ origin: 'file', where: 'config.json', values: { notify } }]);
const shown = (resolved: ReturnType<typeof resolveSettings>) =>
  resolved.kind === 'resolved' ? resolved.settings.notify.map(shownSpec) : resolved.problem.message;

describe('the setting of notifications', () => {
  it('is a list in the file, words in the environment, and none by default', () => {
    expect(shown(resolveSettings([]))).toEqual([]);
    expect(shown(fromFile(['bell', { channel: 'ntfy', topic: 'x', events: ['failed'] }]))).toEqual([
      'bell',
      'ntfy:…=failed',
    ]);
    const layer = environmentLayer({ TASKGLASS_NOTIFY: 'bell osc:9=failed', TASKGLASS_NOTIFY_AFTER: '2' });
    expect(shown(resolveSettings([layer]))).toEqual(['bell', 'osc:9=failed']);
    expect(shown(fromFile(['bell', 'none', 'title', 'none']))).toEqual([]);
  });

  it('names what is wrong with its place, and no secret', () => {
    expect(shown(fromFile(['bell', 'beep']))).toContain('config.json: notify.1: it must be one of bell');
    const wrong = shown(fromFile([{ channel: 'webhook', url: 'ftp://ann:secret@h/?secret' }]));
    expect(wrong).toContain('must name an address');
    expect(wrong).not.toContain('secret');
  });

  it('is shown by `config` without its secrets', async () => {
    await using directory = await temporaryDirectory();
    const spec = {
      channel: 'webhook',
      url: 'https://ann:secret@h.example/x?secret',
      headers: { a: 'secret' },
    };
    await writeFile(directory.file('config.json'), JSON.stringify({ notify: [spec] }));
    const { stdout } = await runHere(['config', '--json', '--config', directory.file('config.json')], {
      cwd: directory.path,
    });
    expect(stdout).toContain('webhook:https://h.example/…');
    expect(stdout).not.toContain('secret');
  });
});
