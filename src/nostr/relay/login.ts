import { makeAuthEvent } from 'nostr-tools/nip42';
import type { Clock } from '../../clock.ts';
import { type PlainText, words } from '../../model/text.ts';
import type { Signer } from '../signer.ts';
import { LOGIN_LIMIT, LOGIN_LIMIT_MS } from './limits.ts';

/** Answers a relay's challenges (NIP-42). */
export interface Login {
  challenged(challenge: string): void;
  /** To be called when the relay demands a login: waits for its challenge, if none has arrived. */
  required(): void;
  /** To be called after an empty answer: if the relay wants a login first, its challenge will follow in a moment. */
  mayCome(): void;
  /** Tells whether this is the answer to a login of ours. */
  answered(eventId: string, accepted: boolean): boolean;
  disconnected(): void;
  /** Whether a login is in progress: the relay's answers until then do not count. */
  readonly isUnderWay: boolean;
  readonly isAccepted: boolean;
  /** Why the login failed, in words that follow the relay's name; null if it did not, or none was requested. */
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
/** A challenge that follows an empty answer has arrived by then. */
const LINGER_MS = 150;
/** Some relays never answer a login: after this, it counts as accepted, unless an answer arrives later. */
const LONGEST_WAIT_MS = 3_000;

const UNSIGNED = words`asks for a login, which could not be signed`;
const NO_CHALLENGE = words`asks for a login, but sends no challenge`;
export const NOT_ACCEPTED = words`does not accept the login with our key`;

/**
 * Creates the login to a relay. Calls `loggedIn` after each login that may have worked (some relays do not confirm it), and
 * `failed` after each that has not: then the relay's earlier answers count. Without a signer, no login is ever in progress.
 */
export function createLogin(options: {
  url: string;
  signer: Signer | undefined;
  clock: Clock;
  /** How long to wait for a challenge, or for the answer to a login. */
  answerMs: number;
  say: (message: readonly unknown[]) => void;
  loggedIn: () => void;
  failed: () => void;
}): Login {
  const { url, signer, clock, say, loggedIn } = options;
  const answerMs = Math.min(options.answerMs, LONGEST_WAIT_MS);
  /** Each login needs a signature. */
  const isAllowed = createRateLimit(clock, LOGIN_LIMIT, LOGIN_LIMIT_MS);
  let state: State = 'none';
  let failure: PlainText | null = null;
  let hasLingered = false;
  let loginId: string | null = null;
  /** Counts connections and challenges, so that an event that was signed for an earlier one is not sent. */
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

/** Returns a function that returns true at most `most` times within `withinMs`. */
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
