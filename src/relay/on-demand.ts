import type { Relay, RelayOptions } from './create-relay.ts';

/**
 * Starts a relay that keeps its events in memory, and loads its code only now. Rejects with the system's error if it can't
 * listen.
 */
export async function createRelay(options: RelayOptions): Promise<Relay> {
  const relay = await import('./create-relay.ts');
  return relay.createRelay(options);
}
