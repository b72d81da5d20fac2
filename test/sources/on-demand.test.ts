import { describe, expect, it } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { sourceId } from '../../src/model/id.ts';
import * as agui from '../../src/sources/agui/on-demand.ts';
import * as aguiNow from '../../src/sources/agui/source.ts';
import * as attach from '../../src/sources/attach/on-demand.ts';
import * as attachNow from '../../src/sources/attach/source.ts';
import * as backlog from '../../src/sources/backlog/on-demand.ts';
import * as backlogNow from '../../src/sources/backlog/source.ts';
import * as state from '../../src/sources/dashboard-state/on-demand.ts';
import * as stateNow from '../../src/sources/dashboard-state/source.ts';
import type { Source } from '../../src/sources/kit/source.ts';
import * as nostr from '../../src/sources/nostr/on-demand.ts';
import * as nostrNow from '../../src/sources/nostr/source.ts';
import * as directoryNow from '../../src/sources/sessions/maestro-directory.ts';
import * as serverNow from '../../src/sources/sessions/maestro-server.ts';
import * as sessions from '../../src/sources/sessions/on-demand.ts';
import * as boardNow from '../../src/sources/sessions/source.ts';
import * as breakdown from '../../src/sources/task-breakdown/on-demand.ts';
import * as breakdownNow from '../../src/sources/task-breakdown/source.ts';

const OWN = { id: sourceId('mine'), clock: systemClock };
const FILE = { ...OWN, path: '/nowhere/tasks.json' };
const DIRECTORY = { ...OWN, directory: '/nowhere/maestro' };
const SERVER = { ...OWN, url: 'http://user:secret@127.0.0.1:9/shown?token=secret' };
const RELAYS = { ...OWN, urls: ['wss://user:secret@relay.example/'], watch: {} };

describe('a source whose code is loaded once it is read', () => {
  it.each<[string, Source, Source]>([
    ['agui', agui.createAguiSource(SERVER), aguiNow.createAguiSource(SERVER)],
    ['attach', attach.createAttachedSource(SERVER), attachNow.createAttachedSource(SERVER)],
    ['backlog', backlog.createBacklogSource(FILE), backlogNow.createBacklogSource(FILE)],
    ['dashboard-state', state.createDashboardStateSource(FILE), stateNow.createDashboardStateSource(FILE)],
    ['a board', sessions.createBoardSource(FILE), boardNow.createBoardSource(FILE)],
    [
      'a Maestro directory',
      sessions.createMaestroDirectorySource(DIRECTORY),
      directoryNow.createMaestroDirectorySource(DIRECTORY),
    ],
    [
      'a Maestro server',
      sessions.createMaestroServerSource(SERVER),
      serverNow.createMaestroServerSource(SERVER),
    ],
    [
      'task-breakdown',
      breakdown.createTaskBreakdownSource(FILE),
      breakdownNow.createTaskBreakdownSource(FILE),
    ],
    ['nostr', nostr.createNostrSource(RELAYS as never), nostrNow.createNostrSource(RELAYS as never)],
  ])('is described as the loaded one: %s', (_, onDemand, loaded) => {
    const shape = ({ commands, log, events: _, ...rest }: Source) => ({
      ...rest,
      commands: Object.keys(commands).sort(),
      hasLog: log !== undefined,
    });
    expect(shape(onDemand)).toEqual(shape(loaded));
  });
});
