/** `npm run bench [name…]`: measures the built program and prints a table; exits with 1 if a limit is exceeded. */
import { type Figure, figureRow, TABLE_HEAD } from './figure.ts';

const BENCHES: Readonly<Record<string, () => Promise<Figure[]>>> = {
  start: async () => (await import('./start.ts')).measureStart(),
  quiet: async () => (await import('./quiet.ts')).measureQuiet(),
  moving: async () => (await import('./moving.ts')).measureMoving(),
  home: async () => (await import('./home.ts')).measureHome(),
  file: async () => (await import('./file-latency.ts')).measureFileLatency(),
  ssh: async () => (await import('./ssh-latency.ts')).measureSshLatency(),
  relay: async () => (await import('./relay-latency.ts')).measureRelayLatency(),
  'relay-history': async () => (await import('./relay-history.ts')).measureRelayHistory(),
  tracker: async () => (await import('./tracker.ts')).measureTracker(),
  crashes: async () => (await import('./tracker.ts')).measureCrashes(),
  run: async () => (await import('./run.ts')).measureRun(),
  'run-log': async () => (await import('./run-log.ts')).measureRunLog(),
  flood: async () => (await import('./flood.ts')).measureFlood(),
  ledger: async () => (await import('./ledger-list.ts')).measureLedgerList(),
  'ledger-writers': async () => (await import('./ledger-writers.ts')).measureLedgerWriters(),
  'ledger-kills': async () => (await import('./ledger-writers.ts')).measureLedgerKills(),
  'ledger-view': async () => (await import('./ledger-view.ts')).measureLedgerView(),
  keys: async () => (await import('./keys.ts')).measureKeys(),
  big: async () => (await import('./big.ts')).measureBig(),
  streams: async () => (await import('./streams.ts')).measureStreams(),
  notify: async () => (await import('./notify.ts')).measureNotify(),
  asked: async () => (await import('./asked.ts')).measureAsked(),
  hook: async () => (await import('./hook.ts')).measureHook(),
  eta: async () => (await import('./eta.ts')).measureEta(),
};

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !(name in BENCHES));
if (unknown.length > 0) {
  console.error(`no bench named ${unknown.join(', ')}; there are ${Object.keys(BENCHES).join(', ')}`);
  process.exit(2);
}

console.log(TABLE_HEAD);
for (const name of asked.length > 0 ? asked : Object.keys(BENCHES)) {
  for (const figure of (await BENCHES[name]?.()) ?? []) {
    console.log(figureRow(figure));
    if (figure.value > figure.bound) process.exitCode = 1;
  }
}
process.exit();
