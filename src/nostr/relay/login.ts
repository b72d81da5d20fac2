import { makeAuthEvent } from 'nostr-tools/nip42';
import type { Clock } from '../../clock.ts';
import { type PlainText, words } from '../../model/text.ts';
import type { Signer } from '../signer.ts';
import { LOGIN_LIMIT, LOGIN_LIMIT_MS } from './limits.ts';

/** Answers a relay's challenges (NIP-42), one connection at a time. */
export interface Login {
  challenged(challenge: string): void;
  /** The relay won't serve strangers: waits for its challenge, if none has come. */
  required(): void;
  /** The relay has nothing for us. If that is because it wants to know us, it says so in a moment. */
  mayCome(): void;
  /** Is this the answer to a login of ours? */
  answered(eventId: string, accepted: boolean): boolean;
  disconnected(): void;
  /** Will the relay soon know who we are? What it says before that does not count. */
  readonly isUnderWay: boolean;
  readonly isAccepted: boolean;
  /** Why the relay does not know us, in words that follow its name; null if it does, or never asked. */
  readonly failure: PlainText | null;
}

type State =
  | 'none'
  | 'lingering'
  | 'awaiting challenge'
  | 'signing'
  | 'awaiting answer'
  | 'accepted'
  | 'failed';

const UNDER_WAY: readonly State[] = ['lingering', 'awaiting challenge', 'signing', 'awaiting answer'];
/** A challenge that comes behind an empty answer is on the way by then. */
const LINGER_MS = 150;
/** Some relays never answer a login: then it counts as accepted, until an answer comes after all. */
const LONGEST_WAIT_MS = 3_000;

const UNSIGNED = words`asks for a login, which could not be signed`;
const NO_CHALLENGE = words`asks for a login, but sends no challenge`;
export const NOT_ACCEPTED = words`does not accept the login with our key`;

/**
 * Creates the login to a relay. `loggedIn` hears of each login that may have worked (some relays take one without a
 * word), `failed` of each that has not: then what the relay said before is its answer. Without a signer nothing is ever
 * under way.
 */
export function createLogin(options: {
  url: string;
  signer: Signer | undefined;
  clock: Clock;
  /** For how long a challenge, or the answer to a login, is waited for. */
  answerMs: number;
  say: (message: readonly unknown[]) => void;
  loggedIn: () => void;
  failed: () => void;
}): Login {
  const { url, signer, clock, say, loggedIn } = options;
  const answerMs = Math.min(options.answerMs, LONGEST_WAIT_MS);
  /** Each login costs a signature. */
  const isAllowed = createRateLimit(clock, LOGIN_LIMIT, LOGIN_LIMIT_MS);
  let state: State = 'none';
  let failure: PlainText | null = null;
  let hasLingered = false;
  let loginId: string | null = null;
  /** Counts connections and challenges: what was signed for an earlier one is not sent any more. */
  let turn = 0;
  let cancelWait = () => {};

  function wait(next: State, overdue: () => void, forMs = answerMs): void {
    cancelWait();
    state = next;
    cancelWait = clock.after(forMs, overdue);
  }

  function succeed(): void {
    cancelWait();
    state = 'accepted';
    failure = null;
    loggedIn();
  }

  function fail(why: PlainText): void {
    cancelWait();
    state = 'failed';
    failure = why;
    options.failed();
  }

  function noChallengeCame(): void {
    state = 'none';
    options.failed();
  }

  async function logIn(by: Signer, challenge: string): Promise<void> {
    turn += 1;
    const thisTurn = turn;
    wait('signing', () => fail(UNSIGNED));
    const event = await by.sign(makeAuthEvent(url, challenge)).catch(() => null);
    if (thisTurn !== turn) return;
    if (!event) return fail(UNSIGNED);
    loginId = event.id;
    wait('awaiting answer', succeed);
    say(['AUTH', event]);
  }

  return {
    challenged(challenge) {
      if (signer && isAllowed()) void logIn(signer, challenge);
    },
    required() {
      if (signer && (state === 'none' || state === 'lingering')) {
        wait('awaiting challenge', () => fail(NO_CHALLENGE));
      }
    },
    mayCome() {
      if (!signer || state !== 'none' || hasLingered) return;
      hasLingered = true;
      wait('lingering', noChallengeCame, LINGER_MS);
    },
    answered(eventId, accepted) {
      if (eventId !== loginId) return false;
      if (accepted) succeed();
      else fail(NOT_ACCEPTED);
      return true;
    },
    disconnected() {
      cancelWait();
      turn += 1;
      state = 'none';
      failure = null;
      hasLingered = false;
      loginId = null;
    },
    get isUnderWay() {
      return UNDER_WAY.includes(state);
    },
    get isAccepted() {
      return state === 'accepted';
    },
    get failure() {
      return failure;
    },
  };
}

/** Returns a function that takes one of `most` turns, and returns false if all of the last `withinMs` are taken. */
function createRateLimit(clock: Clock, most: number, withinMs: number): () => boolean {
  let recent: number[] = [];
  return () => {
    const now = clock.monotonic();
    recent = recent.filter((at) => now - at < withinMs);
    if (recent.length >= most) return false;
    recent.push(now);
    return true;
  };
}
