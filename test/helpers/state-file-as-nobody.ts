/**
 * Writes a state file as the user nobody (root may read everything, even what nobody may not), and reports how it was refused.
 */
import { createFileSink } from '../../src/publish/dashboard-state/file-sink.ts';

process.setgid?.(65_534);
process.setuid?.(65_534);
const loading = { isLoading: false, loadingAgents: [] };
const state = { version: 1, timestamp: 1, widgets: {}, loading, errors: {}, activeTasks: [] };
try {
  await createFileSink(process.argv[2] ?? '').write(state);
  process.send?.('written');
} catch (error) {
  process.send?.((error as Error).message);
}
process.disconnect?.();
