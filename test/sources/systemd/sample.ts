import { createFakeProgram } from '../../helpers/fake-program.ts';
import type { WorldStatus } from '../source-contract.ts';

/** A service, by the properties that `systemctl show` prints; absent ones are empty. */
export interface FakeUnit {
  readonly Id: string;
  readonly ActiveState: string;
  readonly SubState: string;
  readonly [property: string]: string;
}

export interface FakeManager {
  readonly units: readonly FakeUnit[];
  readonly timers: readonly {
    readonly next: number | null;
    readonly unit: string;
    readonly activates: string;
  }[];
}

const START = '@1796012357';
const END = '@1796012400';
export const NEXT_US = 1_796_094_000_000_000;

export const STATES: Readonly<Record<WorldStatus, object>> = {
  queued: { ActiveState: 'inactive', SubState: 'dead' },
  running: { ActiveState: 'activating', SubState: 'start', ExecMainStartTimestamp: START },
  completed: {
    ActiveState: 'inactive',
    SubState: 'dead',
    ExecMainStartTimestamp: START,
    ExecMainExitTimestamp: END,
    ExecMainCode: '1',
  },
  failed: {
    ActiveState: 'failed',
    SubState: 'failed',
    Result: 'exit-code',
    ExecMainStartTimestamp: START,
    ExecMainExitTimestamp: END,
    ExecMainCode: '1',
    ExecMainStatus: '3',
  },
};

export function fakeUnit(name: string, state: object, more: object = {}): FakeUnit {
  return {
    Id: `${name}.service`,
    Description: `Does ${name}`,
    LoadState: 'loaded',
    ActiveState: 'inactive',
    SubState: 'dead',
    Result: 'success',
    Type: 'oneshot',
    Transient: 'no',
    TriggeredBy: '',
    ExecMainStartTimestamp: '',
    ExecMainExitTimestamp: '',
    InactiveEnterTimestamp: '',
    ExecMainCode: '0',
    ExecMainStatus: '0',
    MainPID: '0',
    NRestarts: '0',
    WorkingDirectory: '!/home/ann',
    ...state,
    ...more,
  };
}

/** A `systemctl` with a manager that does what it is told to, at once. */
export function createFakeSystemctl() {
  return createFakeProgram<FakeManager>('systemctl', {
    initial: { units: [], timers: [] },
    broken: 'Failed to connect to bus: No medium found',
    body: `
const verb = args[1];
const unit = state.units.find(({ Id }) => Id === args.at(-1));
if (verb === 'list-units')
  print(state.units.map(({ Id, ActiveState, SubState }) => ({ unit: Id, load: 'loaded', active: ActiveState, sub: SubState, description: '' })));
else if (verb === 'list-timers') print(state.timers);
else if (verb === 'show') {
  const wanted = args[3].replace('--property=', '').split(',');
  const absent = (Id) => ({ Id, LoadState: 'not-found', ActiveState: 'inactive', SubState: 'dead' });
  const shown = args.slice(5).map((id) => state.units.find(({ Id }) => Id === id) ?? absent(id));
  print(shown.map((one) => wanted.map((name) => name + '=' + (one[name] ?? '')).join('\\n')).join('\\n\\n') + '\\n');
} else if (!obeys || !unit) fail('Failed to ' + verb + ' ' + args.at(-1) + ': Unit not loaded.', 5);
else {
  const stop = { ActiveState: 'inactive', SubState: 'dead', ExecMainExitTimestamp: ${JSON.stringify(END)}, ExecMainCode: '2', ExecMainStatus: '15' };
  Object.assign(unit, verb === 'stop' ? stop : ${JSON.stringify(STATES.running)});
  save(state);
}`,
  });
}
