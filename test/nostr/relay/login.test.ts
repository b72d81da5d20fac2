import { describe, expect, it } from 'vitest';
import { createSigner } from '../../../src/nostr/signer.ts';
import { keyPair, signed } from '../../helpers/events.ts';
import { eventually } from '../../helpers/eventually.ts';
import { type Behaviour, serving, startStubRelay } from '../../helpers/stub-relay.ts';
import { watchRelays } from '../../helpers/watch-relays.ts';

const { secretKey } = keyPair(1);
const signer = createSigner(keyPair(7).secretKey);
const event = signed(secretKey, { content: 'for members' });

type Say = Parameters<Behaviour>[1];

/** How a relay treats who is not logged in, and how it lets him in. */
interface Manners {
  greet?: (say: Say) => void;
  /** What a stranger's REQ is answered with. */
  turnAway: (id: string, say: Say) => void;
  /** The answer to a login. */
  welcome?: (loginId: string, say: Say) => void;
}

const challenge = (say: Say) => say(['AUTH', 'challenge']);
const accept = (loginId: string, say: Say) => say(['OK', loginId, true, '']);
const close = (id: string, say: Say) => say(['CLOSED', id, 'auth-required: log in first']);
const nothing = (id: string, say: Say) => say(['EOSE', id]);

function startMembersRelay({ greet, turnAway, welcome = accept }: Manners) {
  let isMember = false;
  const serve = serving([event]);
  return startStubRelay({
    ...(greet && { greet }),
    behave(message, say) {
      const [type, subject] = message;
      if (type === 'AUTH') {
        isMember = true;
        welcome((subject as { id: string }).id, say);
      } else if (type === 'REQ' && !isMember) turnAway(subject as string, say);
      else serve(message, say);
    },
  });
}

describe('a relay that serves members only', () => {
  it.each<[string, Manners]>([
    ['greets with a challenge', { greet: challenge, turnAway: close }],
    [
      'challenges at the first request',
      {
        turnAway(id, say) {
          challenge(say);
          close(id, say);
        },
      },
    ],
    [
      'challenges after it has refused',
      {
        turnAway(id, say) {
          close(id, say);
          setTimeout(challenge, 50, say);
        },
      },
    ],
    ['answers strangers with nothing', { greet: challenge, turnAway: nothing }],
    [
      'answers strangers with nothing, and then asks who they are',
      {
        turnAway(id, say) {
          nothing(id, say);
          setTimeout(challenge, 20, say);
        },
      },
    ],
    [
      'says that there is more for members',
      { greet: challenge, turnAway: (id, say) => say(['EOSE', id, ['auth']]) },
    ],
    [
      'calls it restricted',
      { greet: challenge, turnAway: (id, say) => say(['CLOSED', id, 'restricted: members']) },
    ],
    [
      'takes its time',
      { greet: challenge, turnAway: close, welcome: (id, say) => setTimeout(accept, 200, id, say) },
    ],
    ['lets in without a word', { greet: challenge, turnAway: close, welcome: () => {} }],
    [
      'refuses late what was asked before the login',
      {
        greet: challenge,
        turnAway: () => {},
        welcome(id, say) {
          accept(id, say);
          setTimeout(close, 10, 't1', say);
        },
      },
    ],
    [
      'challenges anew while a login is under way',
      {
        greet: challenge,
        turnAway(id, say) {
          challenge(say);
          close(id, say);
        },
      },
    ],
  ])('and %s is read, and is never blamed', async (_, manners) => {
    await using relay = await startMembersRelay(manners);
    await using watch = watchRelays([relay.url], { signer });
    const said = new Set<string | undefined>();
    watch.relays.onHealth(() => {
      said.add(watch.trouble());
      if (watch.peer().status === 'live') said.add(watch.events[0]?.content);
    });
    await eventually(() => expect(watch.peer().status).toBe('live'));
    expect([...said]).toEqual([undefined, 'for members']);
    expect(watch.caughtUp[0]).toBe(relay.url);
  });

  it('is asked again where it forgets us, and keeps its place meanwhile', async () => {
    await using relay = await startMembersRelay({ greet: challenge, turnAway: close });
    await using watch = watchRelays([relay.url], { signer });
    await eventually(() => expect(watch.caughtUp).toHaveLength(1));
    relay.say(['CLOSED', 't1', 'auth-required: session expired']);
    relay.say(['AUTH', 'another']);
    await eventually(() => expect(watch.caughtUp.length).toBeGreaterThan(1));
    expect(watch.peer()).toMatchObject({ status: 'live', problem: null });
  });

  it('is told apart from one that sends no challenge', async () => {
    await using relay = await startMembersRelay({ turnAway: close });
    await using watch = watchRelays([relay.url], { signer });
    await eventually(() =>
      expect(watch.trouble()).toBe(`${relay.url} asks for a login, but sends no challenge`),
    );
    expect(watch.peer().status).toBe('down');
  });

  it('does not hide what it serves to everybody where it does not want our key', async () => {
    await using relay = await startStubRelay({
      greet: challenge,
      behave(message, say) {
        const [type, subject] = message;
        if (type === 'AUTH') say(['OK', (subject as { id: string }).id, false, 'restricted: no member']);
        else serving([event])(message, say);
      },
    });
    await using watch = watchRelays([relay.url], { signer });
    await eventually(() => expect(watch.peer().status).toBe('live'));
    expect(watch.events).toHaveLength(1);
    expect(watch.trouble()).toBe(`${relay.url} does not accept the login with our key`);
  });

  it('costs few signatures, however often it asks', async () => {
    let signatures = 0;
    const counting = {
      ...signer,
      sign(template: Parameters<typeof signer.sign>[0]) {
        signatures += 1;
        return signer.sign(template);
      },
    };
    await using relay = await startStubRelay({ behave: serving([event]) });
    await using watch = watchRelays([relay.url], { signer: counting });
    await eventually(() => expect(watch.caughtUp).toHaveLength(1));
    for (let count = 0; count < 100; count += 1) relay.say(['AUTH', `challenge ${count}`]);
    relay.say(['EVENT', 't1', signed(secretKey, { content: 'last' })]);
    await eventually(() => expect(watch.events).toHaveLength(2));
    expect(signatures).toBeLessThanOrEqual(5);
  });
});
