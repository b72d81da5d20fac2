import { once } from 'node:events';
import { finalizeEvent, generateSecretKey, type NostrEvent } from 'nostr-tools/pure';
import { WebSocket } from 'ws';

/** A client that speaks JSON arrays and nothing else, so that a test sees each frame as it is. */
export interface RawClient {
  send(...message: unknown[]): void;
  sendText(text: string): void;
  /** Every frame so far. */
  readonly frames: unknown[][];
  /** Resolves with the first frame, past or future, that `matches`. */
  frame(matches: (frame: unknown[]) => boolean): Promise<unknown[]>;
  /** The `OK` to an event. */
  publish(event: NostrEvent): Promise<unknown[]>;
  /** The events stored before `EOSE`; the subscription stays open. */
  request(id: string, ...filters: object[]): Promise<NostrEvent[]>;
  /** The events that arrived for a subscription so far, in order. */
  events(id: string): NostrEvent[];
  /** Resolves once all that the relay sent before now has arrived here. */
  settled(): Promise<void>;
  readonly socket: WebSocket;
  close(): void;
}

export async function connectRaw(url: string): Promise<RawClient> {
  const socket = new WebSocket(url);
  const frames: unknown[][] = [];
  const waiting = new Set<() => void>();
  socket.on('message', (data) => {
    frames.push(JSON.parse(String(data)));
    for (const check of [...waiting]) check();
  });
  await once(socket, 'open');
  let barriers = 0;

  const client: RawClient = {
    socket,
    frames,
    send: (...message) => socket.send(JSON.stringify(message)),
    sendText: (text) => socket.send(text),
    frame: (matches) =>
      new Promise((resolve) => {
        const check = () => {
          const found = frames.find(matches);
          if (!found) return;
          waiting.delete(check);
          resolve(found);
        };
        waiting.add(check);
        check();
      }),
    publish(event) {
      const answers = () => frames.filter(([verb, id]) => verb === 'OK' && id === event.id);
      const before = answers().length;
      client.send('EVENT', event);
      return client.frame((frame) => frame === answers()[before]);
    },
    async request(id, ...filters) {
      client.send('REQ', id, ...filters);
      await client.frame(([verb, subject]) => (verb === 'EOSE' || verb === 'CLOSED') && subject === id);
      return client.events(id);
    },
    async settled() {
      barriers += 1;
      await client.request(`barrier-${barriers}`, { ids: ['0'.repeat(64)] });
      client.send('CLOSE', `barrier-${barriers}`);
    },
    close: () => socket.close(),
    events: (id) =>
      frames
        .filter(([verb, subject]) => verb === 'EVENT' && subject === id)
        .map((frame) => frame[2] as NostrEvent),
  };
  return client;
}

/** A key of its own for each test. */
export interface Author {
  readonly secret: Uint8Array;
  sign(template: Partial<Pick<NostrEvent, 'kind' | 'created_at' | 'tags' | 'content'>>): NostrEvent;
}

export function createAuthor(): Author {
  const secret = generateSecretKey();
  return {
    secret,
    sign: (template) =>
      finalizeEvent(
        { kind: 1, created_at: Math.floor(Date.now() / 1000), tags: [], content: '', ...template },
        secret,
      ),
  };
}
