import { once } from 'node:events';
import type { Event } from 'nostr-tools/core';
import { initNostrWasm } from 'nostr-wasm';
import WebSocket from 'ws';

/** Requests jobs and reports on them, all with the same key, through one relay. */
export interface Provider {
  readonly pubkey: string;
  /** Publishes a job request; returns its id. */
  request(name: string): string;
  /** Publishes progress of a job, 0–100. */
  report(job: string, percent: number): void;
  close(): void;
}

export async function createProvider(url: string): Promise<Provider> {
  const wasm = await initNostrWasm();
  const secretKey = wasm.generateSecretKey();
  const pubkey = Buffer.from(wasm.getPublicKey(secretKey)).toString('hex');
  const socket = new WebSocket(url);
  await once(socket, 'open');
  socket.on('message', () => {}); // the relay's acknowledgements

  function publish(kind: number, tags: string[][], content: string): string {
    const event = { kind, tags, content, created_at: Math.floor(Date.now() / 1000) } as Event;
    wasm.finalizeEvent(event, secretKey);
    socket.send(JSON.stringify(['EVENT', event]));
    return event.id;
  }

  return {
    pubkey,
    request: (name) => publish(5100, [['i', name, 'text']], name),
    report(job, percent) {
      const tags = [
        ['e', job],
        ['p', pubkey],
        ['status', 'processing'],
        ['progress', String(percent)],
      ];
      publish(7000, tags, '');
    },
    close: () => socket.terminate(),
  };
}
