import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { type Clock, systemClock } from '../../src/clock.ts';
import { plainName, words } from '../../src/model/text.ts';
import { createNtfy, ntfyTopic } from '../../src/notify/channels/ntfy.ts';
import { createWebhook } from '../../src/notify/channels/webhook.ts';
import { NotificationDocument } from '../../src/notify/document-schema.ts';
import type { Notification } from '../../src/notify/event.ts';
import { notificationsOf, testNotification } from '../../src/notify/notification.ts';
import { createPoster } from '../../src/notify/post.ts';

interface Received {
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: unknown;
}

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

/** A real server; `answer` is called for each request, with how many there were before. */
async function serve(answer: (response: ServerResponse, before: number) => void) {
  const received: Received[] = [];
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const piece of request) body += piece;
    received.push({ url: request.url ?? '', headers: request.headers, body: JSON.parse(body) });
    answer(response, received.length - 1);
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { received, origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

/** Waits a hundredth of the time between attempts, but a tenth of the time for an answer: the machine may be busy. */
const ANSWER_MS = 10_000;
const quick: Clock = {
  ...systemClock,
  after: (ms, action) => systemClock.after(ms / (ms === ANSWER_MS ? 10 : 100), action),
};
const never = new AbortController().signal;
const SECRETS = ['hunter2', 'tok3n', 'pa55'];

const [told] = notificationsOf(
  [
    {
      event: 'needs-input',
      place: 'board a',
      signature: 'x',
      stamp: 5,
      id: 'board/a',
      name: plainName('Deploy "prod"; rm -rf / 語'),
      text: words`which region?`,
      source: words`board`,
      host: null,
    },
  ],
  1_800_000_000_000,
) as [Notification];

const webhookTo = (url: string, headers: Record<string, string> = {}, clock = quick) =>
  createWebhook(createPoster('webhook', { url, headers }, { clock }), 'ann@door');

describe('a webhook', () => {
  it('gets the document that the schema describes, with the headers', async () => {
    const { received, origin } = await serve((response) => response.writeHead(204).end());
    const outcome = await webhookTo(`${origin}/hook?k=tok3n`, { authorization: 'Bearer tok3n' }).tell?.(
      told,
      never,
    );
    expect(outcome).toEqual({ kind: 'arrived' });
    expect(received[0]).toMatchObject({ url: '/hook?k=tok3n', headers: { authorization: 'Bearer tok3n' } });
    expect(NotificationDocument.parse(received[0]?.body)).toMatchObject({
      event: 'needs-input',
      by: 'ann@door',
      title: 'Deploy "prod"; rm -rf / 語 needs input',
      items: [{ id: 'board/a', text: 'which region?' }],
    });
  });

  it('logs in with the credentials in the address', async () => {
    const { received, origin } = await serve((response) => response.end());
    await webhookTo(origin.replace('//', '//ann:pa55%21@')).tell?.(told, never);
    expect(received[0]?.headers.authorization).toBe(`Basic ${btoa('ann:pa55!')}`);
  });

  it('is tried again after 500, 429 and a lost connection, until it accepts', async () => {
    const { received, origin } = await serve((response, before) => {
      if (before === 0) response.writeHead(500).end();
      else if (before === 1) response.writeHead(429, { 'retry-after': '1' }).end();
      else if (before === 2) response.destroy();
      else response.end('ok');
    });
    expect(await webhookTo(origin).tell?.(told, never)).toEqual({ kind: 'arrived' });
    expect(received).toHaveLength(4);
  });

  it.each([
    [
      'answers 500 for ever',
      (response: ServerResponse) => response.writeHead(500).end('{"error":"full"}'),
      5,
      'answered 500: full',
    ],
    [
      'refuses',
      (response: ServerResponse) => response.writeHead(403).end(),
      1,
      'answered 403 (check its token or headers)',
    ],
    [
      'redirects elsewhere',
      (response: ServerResponse) =>
        response.writeHead(307, { location: 'http://evil.example/?hunter2' }).end(),
      1,
      'redirects to http://evil.example (307): not followed',
    ],
    [
      'redirects to a GET',
      (response: ServerResponse) => response.writeHead(302, { location: '/there' }).end(),
      1,
      '(302): not followed',
    ],
    [
      'redirects to itself',
      (response: ServerResponse) => response.writeHead(308, { location: '/' }).end(),
      4,
      'redirects too many times',
    ],
  ])('that %s is told so in one line, without what is secret', async (_what, answer, times, said) => {
    const { received, origin } = await serve(answer);
    const url = `${origin.replace('//', '//ann:pa55@')}/hook?token=hunter2#tok3n`;
    const outcome = await webhookTo(url, { 'x-key': 'tok3n' }).tell?.(told, never);
    expect(outcome).toMatchObject({ kind: 'failed' });
    const { problem } = outcome as Extract<typeof outcome, { kind: 'failed' }>;
    const line = `${problem.message} (${problem.hint ?? ''})`;
    expect(line).toContain(said);
    expect(line).toContain(`webhook: ${origin}/… `);
    for (const secret of SECRETS) expect(line).not.toContain(secret);
    expect(received).toHaveLength(times);
  });

  it('follows a redirect within its server, with everything that belongs to it', async () => {
    const { received, origin } = await serve((response, before) =>
      before === 0 ? response.writeHead(307, { location: '/moved' }).end() : response.end(),
    );
    expect(await webhookTo(origin, { 'x-key': 'k' }).tell?.(told, never)).toEqual({ kind: 'arrived' });
    expect(received[1]).toMatchObject({ url: '/moved', headers: { 'x-key': 'k' }, body: received[0]?.body });
  });

  it('that hangs is given up after its time, and at once when taskglass ends', async () => {
    const { received, origin } = await serve(() => {});
    const channel = webhookTo(
      origin,
      {},
      { ...systemClock, after: (_ms, action) => systemClock.after(150, action) },
    );
    expect(await channel.tell?.(told, never)).toMatchObject({
      problem: { message: `webhook: ${origin} did not answer within 10 s` },
    });
    const tried = received.length;
    expect(tried).toBeGreaterThan(1);
    const ending = new AbortController();
    const telling = webhookTo(origin, {}, systemClock).tell?.(told, ending.signal);
    while (received.length <= tried) await new Promise((resolve) => setImmediate(resolve));
    ending.abort();
    expect(await telling).toMatchObject({ kind: 'failed' });
  });

  it('that hangs for a day gets no endless queue', async () => {
    const { origin } = await serve(() => {});
    const ending = new AbortController();
    const channel = webhookTo(origin, {}, systemClock);
    const telling = Array.from({ length: 60 }, () => channel.tell?.(told, ending.signal));
    const dropped = await Promise.all(telling.slice(50));
    expect(dropped[0]).toMatchObject({
      problem: { message: expect.stringContaining('too slow: 50 notifications are waiting already') },
    });
    ending.abort();
    await Promise.all(telling);
  });

  it('is tried once by a test', async () => {
    const { received, origin } = await serve((response) => response.writeHead(500).end());
    await webhookTo(origin).tell?.(testNotification(0), never);
    expect(received).toHaveLength(1);
    expect(received[0]?.body).toMatchObject({ test: true });
  });

  it('that nobody listens at is reported', async () => {
    const { origin } = await serve(() => {});
    servers.splice(0).forEach((server) => server.close());
    const outcome = await webhookTo(origin).tell?.(testNotification(0), never);
    expect(outcome).toMatchObject({
      problem: { message: `webhook: ${origin} cannot be reached: nothing is listening there` },
    });
  });
});

describe('ntfy', () => {
  it('gets its JSON form at the root of its server, with the token', async () => {
    const { received, origin } = await serve((response) => response.end('{"id":"x"}'));
    const { topic, ...target } = ntfyTopic(`${origin}/builds`, {}, 'tok3n');
    const channel = createNtfy(createPoster('ntfy', target, { clock: quick }), topic);
    expect(await channel.tell?.(told, never)).toEqual({ kind: 'arrived' });
    expect(received[0]).toMatchObject({ url: '/', headers: { authorization: 'Bearer tok3n' } });
    expect(received[0]?.body).toEqual({
      topic: 'builds',
      title: 'Deploy "prod"; rm -rf / 語 needs input',
      message: 'which region? · board',
      priority: 4,
      tags: ['question'],
    });
  });

  it('is the public server if only a topic is named', () => {
    expect(ntfyTopic('builds', {}, undefined)).toEqual({
      url: 'https://ntfy.sh/',
      topic: 'builds',
      headers: {},
    });
  });
});
