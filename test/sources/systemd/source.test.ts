import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sourceId } from '../../../src/model/id.ts';
import type { Source } from '../../../src/sources/kit/source.ts';
import { openSystemd } from '../../../src/sources/systemd/source.ts';
import { eventually } from '../../helpers/eventually.ts';
import { askingClock, type FakeProgram } from '../../helpers/fake-program.ts';
import { commandContext, describeSourceContract, openView, type View } from '../source-contract.ts';
import { createFakeSystemctl, type FakeManager, fakeUnit, NEXT_US, STATES } from './sample.ts';

type Systemctl = FakeProgram<FakeManager>;

function sourceOf({ env, directory }: Systemctl, place = ''): Source {
  const opened = openSystemd({ id: sourceId('systemd'), place, clock: askingClock, env, cwd: directory });
  if ('severity' in opened) throw new Error(opened.message);
  return opened;
}

/** Services of timers, which can be told before they run. They have names by chance, and are called by what they do. */
function hands({ edit }: Systemctl) {
  let added = 0;
  return {
    async add({ name, status }: { name: string; status: keyof typeof STATES }) {
      added += 1;
      const unit = fakeUnit(`run-u${added}`, STATES[status], { Description: name });
      await edit(({ units, timers }) => ({
        units: [...units, unit],
        timers: [...timers, { next: NEXT_US, unit: unit.Id.replace('service', 'timer'), activates: unit.Id }],
      }));
      return unit.Id;
    },
    change: (id: string, status: keyof typeof STATES) =>
      edit(({ units, timers }) => {
        const changed = ({ Id, Description }: FakeManager['units'][number]) =>
          fakeUnit(Id.replace('.service', ''), STATES[status], { Description });
        return { timers, units: units.map((unit) => (unit.Id === id ? changed(unit) : unit)) };
      }),
  };
}

describeSourceContract('the systemd source', async () => {
  const systemctl = await createFakeSystemctl();
  return { ...systemctl, ...hands(systemctl), source: sourceOf(systemctl) };
});

describe('the systemd source', () => {
  let systemctl: Systemctl;
  let view: View;
  beforeEach(async () => {
    systemctl = await createFakeSystemctl();
  });
  afterEach(async () => {
    await view?.close();
    await systemctl.close();
  });

  const daemon = (name: string, more: object = {}) =>
    fakeUnit(name, { ActiveState: 'active', SubState: 'running', Type: 'simple', MainPID: '77' }, more);
  const units = (...all: FakeManager['units']) => systemctl.edit(() => ({ units: all, timers: [] }));

  it('shows no daemon that is up, and asks for it once', async () => {
    await units(daemon('ssh'), daemon('train', { Transient: 'yes' }), fakeUnit('idle', STATES.queued));
    view = openView(sourceOf(systemctl));
    await view.live();
    expect(view.statuses()).toEqual({ 'train.service': 'running' });
    expect(view.task('train.service')).toMatchObject({ pid: 77, cwd: '/home/ann' });
    await eventually(async () =>
      expect((await systemctl.calls()).filter((call) => call.includes(' show ')).length).toBeGreaterThan(1),
    );
    const shown = (await systemctl.calls()).filter((call) => call.includes(' show '));
    expect(shown[0]).toContain('ssh.service');
    expect(shown[1]).not.toContain('ssh.service');
  });

  it('shows a daemon that fails and is started again', async () => {
    await units(daemon('web'));
    view = openView(sourceOf(systemctl));
    await view.live();
    const again = {
      ActiveState: 'activating',
      SubState: 'auto-restart',
      Result: 'exit-code',
      ExecMainStatus: '1',
    };
    await units(daemon('web', { ...again, NRestarts: '4' }));
    await eventually(() => expect(view.statuses()).toEqual({ 'web.service': 'waiting' }));
    expect(view.task('web.service')).toMatchObject({
      state: { reason: 'it is started again: exit code 1' },
      attempts: 5,
    });
    await units(daemon('web'));
    await eventually(() => expect(view.statuses()).toEqual({}));
  });

  it('keeps a service of systemd-run that ended, which systemd forgets', async () => {
    const running = { Transient: 'yes', Description: '/usr/bin/make all' };
    await units(daemon('run-u12', running), daemon('run-u13', running));
    const source = sourceOf(systemctl);
    view = openView(source);
    await view.live();
    expect(view.task('run-u12.service').name).toBe('/usr/bin/make all');
    await systemctl.obey();
    expect(await source.commands.cancel?.('run-u13.service', commandContext())).toEqual({ kind: 'sent' });
    await units();
    await eventually(() =>
      expect(view.statuses()).toEqual({ 'run-u12.service': 'completed', 'run-u13.service': 'cancelled' }),
    );
  });

  it('asks for the services of the system only where they are named', async () => {
    view = openView(sourceOf(systemctl, 'system'));
    await view.live();
    const calls = await systemctl.calls();
    expect(calls.length).toBeGreaterThan(0);
    expect(calls.every((call) => call.startsWith('systemctl --system '))).toBe(true);
    expect(
      openSystemd({ id: sourceId('systemd'), place: 'root', clock: askingClock, env: {}, cwd: '/' }),
    ).toMatchObject({
      kind: 'malformed',
      hint: expect.stringContaining('systemd:system'),
    });
  });
});
