import type { Filter } from 'nostr-tools/filter';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../../src/clock.ts';
import type { CommandStage } from '../../../src/model/command.ts';
import { createSigner } from '../../../src/nostr/signer.ts';
import { createRelay, type Relay } from '../../../src/relay/create-relay.ts';
import { keyPair, signed } from '../../helpers/events.ts';
import { eventually } from '../../helpers/eventually.ts';
import { openGate } from '../../helpers/gate.ts';
import { viewNostr } from '../../helpers/nostr-view.ts';
import { publishTo } from '../../helpers/relay-client.ts';
import { serving, silent, startStubRelay } from '../../helpers/stub-relay.ts';
import { commandContext } from '../source-contract.ts';

const customer = keyPair(1);
const provider = keyPair(2);
const rival = keyPair(3);
const signer = createSigner(customer.secretKey);
const nowSeconds = () => Math.floor(Date.now() / 1000);

const request = (content: string, tags: string[][] = []) =>
  signed(customer.secretKey, { kind: 5100, created_at: nowSeconds(), content, tags });
const feedback = (id: string, status: string, tags: string[][] = [], by = provider, at = nowSeconds()) =>
  signed(by.secretKey, {
    kind: 7000,
    created_at: at,
    tags: [['e', id], ['p', customer.pubkey], ['status', status], ...tags],
  });

type Ask = ReturnType<typeof signed>;

let relay: Relay;
beforeEach(async () => {
  relay = await createRelay({ clock: systemClock });
});
afterEach(() => relay.close());

describe('watching everything', () => {
  it('shows what providers work on, by the names of the requests, and no request alone', async () => {
    const [worked, alone] = [request('Hash the archive'), request('Nobody cares')];
    await publishTo(relay.url, [worked, alone, feedback(worked.id, 'processing', [['progress', '25']])]);
    await using view = viewNostr([relay.url]);
    await view.live();
    expect(view.lines()).toEqual([`${worked.id.slice(0, 6)} | running | 25 | Hash the archive | –`]);
    expect(view.events.filter(({ type }) => type !== 'health').map(({ type }) => type)).toEqual([
      'snapshot',
      'live',
    ]);
  });

  it('finds the request of a job that only now becomes known, and its result', async () => {
    await using view = viewNostr([relay.url]);
    await view.live();
    const work = request('Sort the index');
    await publishTo(relay.url, [work, feedback(work.id, 'processing')]);
    await eventually(() => expect(view.statuses()).toEqual({ [work.id]: 'running' }));
    expect(view.task(work.id).name).toBe('Sort the index');
    const result = signed(provider.secretKey, {
      kind: 6100,
      created_at: nowSeconds(),
      tags: [['e', work.id]],
      content: 'sorted',
    });
    await publishTo(relay.url, [result]);
    await eventually(() =>
      expect(view.task(work.id).state).toMatchObject({ status: 'completed', result: 'sorted' }),
    );
  });

  it('shows a job whose request cannot be found, once it was looked for', async () => {
    const id = 'ab'.repeat(32);
    await publishTo(relay.url, [feedback(id, 'processing')]);
    await using view = viewNostr([relay.url]);
    await view.live();
    expect(view.lines()).toEqual(['ababab | running | – | job abababab | –']);
    expect(view.task(id).offers).toMatchObject([{ command: 'cancel', refusal: expect.any(String) }]);
  });

  it('combines what two relays have in part', async () => {
    const other = await createRelay({ clock: systemClock });
    const work = request('Hash the archive');
    await publishTo(relay.url, [work]);
    await publishTo(other.url, [feedback(work.id, 'processing', [['progress', '50']])]);
    await using view = viewNostr([relay.url, other.url]);
    await view.live();
    expect(view.lines()).toEqual([`${work.id.slice(0, 6)} | running | 50 | Hash the archive | –`]);
    await other.close();
  });

  it('reads back more than one page of feedback', async () => {
    const jobs = Array.from({ length: 30 }, (_, index) => request(`job ${index}`));
    const at = nowSeconds() - 100;
    const reports = Array.from({ length: 900 }, (_, index) =>
      feedback(
        (jobs[index % 30] as { id: string }).id,
        'processing',
        [['progress', String(index / 9)]],
        provider,
        at + Math.floor(index / 30),
      ),
    );
    const lonely = feedback((jobs[0] as { id: string }).id, 'error', [], rival, at - 1_000);
    await publishTo(relay.url, [...jobs, ...reports, lonely]);
    await using view = viewNostr([relay.url]);
    await view.live();
    expect(Object.keys(view.statuses())).toHaveLength(30);
    expect(view.task((jobs[0] as { id: string }).id).sessions).toHaveLength(2);
    expect(view.task((jobs[29] as { id: string }).id).reportedProgress).toBe(899 / 9);
  });

  it.each([5300, 5777])(
    'shows a job of kind %i that got a result and no feedback, stored or live',
    async (kind) => {
      const ask = (content: string) =>
        signed(customer.secretKey, { kind, created_at: nowSeconds(), content });
      const answer = (id: string) =>
        signed(provider.secretKey, {
          kind: kind + 1000,
          created_at: nowSeconds(),
          tags: [
            ['e', id],
            ['p', customer.pubkey],
          ],
          content: 'the result',
        });
      const [told, stored, live] = ['told', 'stored', 'live'].map(ask) as [Ask, Ask, Ask];
      await publishTo(relay.url, [told, stored, live, feedback(told.id, 'processing'), answer(stored.id)]);
      await using view = viewNostr([relay.url]);
      await view.live();
      await eventually(() =>
        expect(view.statuses()).toEqual({ [told.id]: 'running', [stored.id]: 'completed' }),
      );
      await publishTo(relay.url, [answer(live.id)]);
      await eventually(() => expect(view.task(live.id).state).toMatchObject({ result: 'the result' }));
    },
  );

  it('reads a relay that gives little at a time to its end', async () => {
    const jobs = Array.from({ length: 12 }, (_, index) => request(`job ${index}`));
    const reports = jobs.map(({ id }, index) =>
      feedback(id, 'processing', [], provider, nowSeconds() - 1_000 * index),
    );
    await using stingy = await startStubRelay({ behave: serving([...jobs, ...reports], { cap: 13 }) });
    await using view = viewNostr([stingy.url]);
    await view.live();
    expect(Object.keys(view.statuses())).toHaveLength(12);
    expect(view.record().problem).toBeNull();
  });

  it('does not lose the other jobs if one result is too long to be read', async () => {
    const [work, huge] = [request('Hash the archive'), request('Copy the archive')];
    const result = {
      kind: 6100,
      created_at: nowSeconds(),
      tags: [['e', huge.id]],
      content: 'x'.repeat(5 << 20),
    };
    const stored = [work, huge, ...[work, huge].map(({ id }) => feedback(id, 'processing'))];
    await using full = await startStubRelay({
      behave: serving([signed(provider.secretKey, result), ...stored]),
    });
    await using view = viewNostr([full.url]);
    await view.live();
    expect(view.statuses()).toEqual({ [work.id]: 'running', [huge.id]: 'running' });
    await eventually(() => expect(view.record().problem?.kind).toBe('too-large'));
  });

  it('lists a strange status once, beside a task that is queued', async () => {
    const work = request('Hash the archive');
    const reports = ['dreaming', 'pong'].map((word) => feedback(work.id, word));
    await publishTo(relay.url, [work, ...reports]);
    await using view = viewNostr([relay.url]);
    await view.live();
    await eventually(() => expect(view.record().problem?.kind).toBe('unknown-word'));
    expect(view.statuses()).toEqual({ [work.id]: 'queued' });
    const messages = view.events.flatMap((event) =>
      event.type === 'problem' ? [event.problem.message] : [],
    );
    expect(new Set(messages).size).toBe(1);
  });

  it('reads what is encrypted for its key', async () => {
    const encrypted = await createSigner(provider.secretKey).nip44.encrypt(
      customer.pubkey,
      JSON.stringify([
        ['status', 'processing'],
        ['progress', '33'],
      ]),
    );
    const work = request('Hash the archive');
    const report = signed(provider.secretKey, {
      kind: 7000,
      created_at: nowSeconds(),
      tags: [['e', work.id], ['p', customer.pubkey], ['encrypted']],
      content: encrypted,
    });
    await publishTo(relay.url, [work, report]);
    await using ours = viewNostr([relay.url], { signer });
    await using theirs = viewNostr([relay.url]);
    await Promise.all([ours.live(), theirs.live()]);
    const id = work.id.slice(0, 6);
    expect(ours.lines()).toEqual([`${id} | running | 33 | Hash the archive | –`]);
    expect(theirs.lines()).toEqual([`${id} | queued | – | Hash the archive | encrypted for another key`]);
  });
});

describe('watching one key', () => {
  it('shows its requests at once, and what it provides', async () => {
    const [own, foreign] = [request('Hash the archive'), request('Sort the index')];
    await publishTo(relay.url, [own]);
    await using requester = viewNostr([relay.url], { pubkeys: [customer.pubkey] });
    await using worker = viewNostr([relay.url], { pubkeys: [provider.pubkey] });
    await Promise.all([requester.live(), worker.live()]);
    expect(requester.statuses()).toEqual({ [own.id]: 'queued' });
    expect(worker.statuses()).toEqual({});

    await publishTo(relay.url, [foreign, feedback(foreign.id, 'processing')]);
    await eventually(() => expect(worker.statuses()).toEqual({ [foreign.id]: 'running' }));
    await eventually(() =>
      expect(requester.statuses()).toEqual({ [own.id]: 'queued', [foreign.id]: 'running' }),
    );
  });

  it('reports when what it was told has expired', async () => {
    const work = request('Hash the archive');
    const soon = String(nowSeconds() + 3);
    const stored = [work, feedback(work.id, 'processing', [['expiration', soon]])];
    await using lasting = await startStubRelay({ behave: serving(stored) });
    await using view = viewNostr([lasting.url], { pubkeys: [customer.pubkey] });
    await view.live();
    await eventually(() =>
      expect(view.lines()).toEqual([
        `${work.id.slice(0, 6)} | queued | – | Hash the archive | its providers’ reports have expired`,
      ]),
    );
    await using later = viewNostr([lasting.url], { pubkeys: [customer.pubkey] });
    await later.live();
    expect(later.lines()).toEqual(view.lines());
  });

  it('gets an answer that does not name it', async () => {
    const work = request('Hash the archive');
    await publishTo(relay.url, [work]);
    await using view = viewNostr([relay.url], { pubkeys: [customer.pubkey] });
    await view.live();
    const anonymous = signed(provider.secretKey, {
      kind: 7000,
      created_at: nowSeconds(),
      tags: [
        ['e', work.id],
        ['status', 'processing'],
      ],
    });
    await publishTo(relay.url, [anonymous]);
    await eventually(() => expect(view.statuses()).toEqual({ [work.id]: 'running' }));
  });

  it('logs in if a relay restricts who may read feedback, which it does only if nothing else is requested', async () => {
    const work = request('Hash the archive');
    const stored = [work, feedback(work.id, 'processing', [['progress', '40']])];
    let isMember = false;
    await using strict = await startStubRelay({
      greet: (say) => say(['AUTH', 'challenge']),
      behave(message, say) {
        const [type, subject, ...filters] = message;
        const isForFeedbackAlone = (filters as Filter[]).every(({ kinds }) =>
          kinds?.every((kind) => kind === 7000),
        );
        if (type === 'AUTH') {
          isMember = true;
          say(['OK', (subject as { id: string }).id, true, '']);
        } else if (type === 'REQ' && !isMember && isForFeedbackAlone)
          say(['CLOSED', subject, 'auth-required: 7000']);
        else serving(isMember ? stored : [work])(message, say);
      },
    });
    await using stranger = viewNostr([strict.url], { pubkeys: [customer.pubkey] });
    await eventually(() => expect(stranger.record().problem?.message).toContain('asks for a login'));
    await using member = viewNostr([strict.url], { pubkeys: [customer.pubkey], signer });
    await member.live();
    expect(member.lines()).toEqual([`${work.id.slice(0, 6)} | running | 40 | Hash the archive | –`]);
    expect(member.record().problem).toBeNull();
  });
});

describe('cancel and retry', () => {
  it('are events of the requester, reported stage by stage', async () => {
    const work = request('Hash the archive', [['p', provider.pubkey]]);
    await publishTo(relay.url, [work, feedback(work.id, 'processing')]);
    await using view = viewNostr([relay.url, 'ws://127.0.0.1:1'], { signer });
    await view.live();
    const stages: CommandStage[] = [];
    const context = { ...commandContext(), report: (stage: CommandStage) => void stages.push(stage) };

    expect(await view.source.commands.cancel?.(work.id, context)).toEqual({ kind: 'sent' });
    expect(stages).toEqual([{ stage: 'signed' }, { stage: 'accepted', by: 1, of: 2 }]);
    await eventually(() => expect(view.statuses()[work.id]).toBe('cancelled'));

    expect(await view.source.commands.retry?.(work.id, context)).toEqual({ kind: 'sent' });
    await eventually(() => expect(view.task(work.id).retriedAs).toBeDefined());
    const newId = view.task(work.id).retriedAs?.split('/').at(-1) ?? '';
    expect(view.task(newId)).toMatchObject({
      name: 'Hash the archive',
      attempts: 2,
      state: { status: 'queued' },
      retryOf: view.task(work.id).id,
    });
    await publishTo(relay.url, [feedback(newId, 'processing')]);
    await eventually(() => expect(view.statuses()[newId]).toBe('running'));
  });

  it('survive on a relay that forgets what was deleted: the name, and the way to ask for it again', async () => {
    const work = request('Hash the archive', [['p', provider.pubkey]]);
    const foreign = request('Sort the index', [['p', provider.pubkey]]);
    let stored = [work, foreign, feedback(work.id, 'processing'), feedback(foreign.id, 'processing')];
    await using forgetful = await startStubRelay({
      behave(message, say) {
        if (message[0] === 'EVENT') {
          const taken = message[1] as Ask;
          const isDeleted = ({ id, pubkey }: Ask) =>
            pubkey === taken.pubkey && taken.kind === 5 && taken.tags.some(([, value]) => value === id);
          stored = [...stored.filter((event) => !isDeleted(event)), taken];
        }
        serving(stored)(message, say);
      },
    });
    await using canceller = viewNostr([forgetful.url], { signer });
    await canceller.live();
    await canceller.source.commands.cancel?.(work.id, commandContext());
    stored = stored.filter(({ id }) => id !== foreign.id);
    const elsewhere = { kind: 5, created_at: nowSeconds(), tags: [['e', foreign.id]] };
    stored.push(signed(customer.secretKey, elsewhere));

    await using later = viewNostr([forgetful.url], { signer });
    await later.live();
    expect(later.statuses()).toEqual({ [work.id]: 'cancelled', [foreign.id]: 'cancelled' });
    expect(later.task(work.id)).toMatchObject({
      name: 'Hash the archive',
      offers: [{ command: 'retry', refusal: null }],
    });
    expect(await later.source.commands.retry?.(work.id, commandContext())).toEqual({ kind: 'sent' });
    expect(stored.at(-1)).toMatchObject({ kind: 5100, content: 'Hash the archive' });

    const gone = 'its request is no longer on any relay';
    expect(later.task(foreign.id).offers).toMatchObject([
      { command: 'retry', refusal: `${gone}: send it again` },
    ]);
    expect(await later.source.commands.retry?.(foreign.id, commandContext())).toMatchObject({
      kind: 'refused',
      problem: { message: gone },
    });
  });

  it('are refused without the requester’s key', async () => {
    const work = request('Hash the archive');
    await publishTo(relay.url, [work, feedback(work.id, 'processing')]);
    await using keyless = viewNostr([relay.url]);
    await using stranger = viewNostr([relay.url], { signer: createSigner(rival.secretKey) });
    await Promise.all([keyless.live(), stranger.live()]);
    for (const view of [keyless, stranger]) {
      expect(view.task(work.id).offers).toEqual([
        { command: 'cancel', refusal: "needs the requester's key: taskglass key import" },
      ]);
      expect(await view.source.commands.cancel?.(work.id, commandContext())).toMatchObject({
        kind: 'refused',
        problem: { kind: 'no-key', hint: 'taskglass key import' },
      });
    }
  });

  it('are refused with the relay’s reason if no relay accepts them', async () => {
    const work = request('Hash the archive');
    const stored = [work, feedback(work.id, 'processing')];
    await using grumpy = await startStubRelay({
      behave([type, subject, ...rest], say) {
        if (type === 'EVENT') say(['OK', (subject as { id: string }).id, false, 'blocked: not today']);
        else serving(stored)([type, subject, ...rest], say);
      },
    });
    await using view = viewNostr([grumpy.url], { signer });
    await view.live();
    expect(await view.source.commands.cancel?.(work.id, commandContext())).toMatchObject({
      kind: 'refused',
      problem: { message: 'no relay accepted it: blocked: not today' },
    });
  });
});

describe('its relays', () => {
  it('may be down in part: reported, and cleared when they come back', async () => {
    await using gate = await openGate(relay.port);
    const url = `ws://127.0.0.1:${gate.port}`;
    await gate.shut();
    await using view = viewNostr([relay.url, url]);
    await view.live();
    await eventually(() =>
      expect(view.record().problem?.message).toBe(
        `1 of 2 relays is down: ${url}: nothing is listening there`,
      ),
    );
    expect(view.record().status).toBe('live');
    expect(view.record().peers.map(({ status }) => status)).toEqual(['live', 'down']);
    await gate.unlock();
    await eventually(() => expect(view.record().problem).toBeNull());
  });

  it('may all be down', async () => {
    await using view = viewNostr(['ws://127.0.0.1:1', 'nonsense']);
    await eventually(() =>
      expect(view.record().problem?.message).toBe(
        'none of 2 relays can be reached: ws://127.0.0.1:1: nothing is listening there',
      ),
    );
    expect(view.record().status).toBe('down');
  });

  it('need not all answer', async () => {
    await using mute = await startStubRelay({ behave: silent });
    const work = request('Hash the archive');
    await publishTo(relay.url, [work, feedback(work.id, 'processing')]);
    await using view = viewNostr([mute.url, relay.url]);
    await view.live();
    expect(view.statuses()).toEqual({ [work.id]: 'running' });
  });

  it('need not say that they have sent all', async () => {
    const work = request('Hash the archive');
    const stored = serving([work, feedback(work.id, 'processing')]);
    await using unending = await startStubRelay({
      behave: (message, say) => stored(message, (answer) => answer[0] === 'EVENT' && say(answer)),
    });
    await using view = viewNostr([unending.url]);
    await view.live();
    expect(view.statuses()).toEqual({ [work.id]: 'running' });
    expect(view.record().problem).toBeNull();
  });

  it('are named without what is secret in their addresses', () => {
    const view = viewNostr(['wss://user:secret@relay.example/path', relay.url]);
    expect(view.source.location).toBe(`wss://relay.example/path ${relay.url}`);
    return view.close();
  });
});
