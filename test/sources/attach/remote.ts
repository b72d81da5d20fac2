/**
 * What `taskglass serve --stdio` is on another host, for a test: shows a state file over standard input and output, and ends
 * at once if there is a file `FILE.down`: `remote.ts FILE`.
 */
import { existsSync, watch } from 'node:fs';
import { basename, dirname } from 'node:path';
import { systemClock } from '../../../src/clock.ts';
import { serveTunnel } from '../../../src/io/tunnel.ts';
import { sourceId } from '../../../src/model/id.ts';
import { createMonitor } from '../../../src/monitor.ts';
import { createPipeServer } from '../../../src/serve/create-server.ts';
import { everySourceIsLive, waitUntil } from '../../../src/session/settled.ts';
import { createDashboardStateSource } from '../../../src/sources/dashboard-state/source.ts';

const [path = ''] = process.argv.slice(2);
const down = `${path}.down`;
const endIfDown = () => {
  if (!existsSync(down)) return;
  process.stderr.write('the host goes down\n');
  process.exit(255);
};
endIfDown();
watch(dirname(path), (_event, file) => file === basename(down) && endIfDown());

const clock = systemClock;
const source = createDashboardStateSource({ id: sourceId('board'), path, clock });
const monitor = createMonitor({ sources: [source], clock });
await waitUntil(monitor, everySourceIsLive, { clock, waitMs: 1_000, signal: new AbortController().signal });
const server = createPipeServer({
  monitor,
  clock,
  readOnly: false,
  isListed: () => true,
  sort: 'urgency',
  stallAfterMs: 30_000,
});
const tunnel = await serveTunnel({ input: process.stdin, output: process.stdout }, server.accept);
await tunnel.ended;
process.exit(0);
