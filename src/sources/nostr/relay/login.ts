import { makeAuthEvent } from 'nostr-tools/nip42';
import type { Signer } from '../signer.ts';
import { LOGIN_LIMIT } from './limits.ts';

/** Answers a relay's challenges (NIP-42), one connection at a time. */
export interface Login {
  challenged(challenge: string): void;
  /** Is this the answer to a login of ours? */
  answered(eventId: string, accepted: boolean): boolean;
  disconnected(): void;
  /** The relay said no to our key. */
  readonly isRejected: boolean;
}

export function createLogin(options: {
  url: string;
  signer: Signer | undefined;
  say: (message: readonly unknown[]) => void;
  loggedIn: () => void;
}): Login {
  const { url, signer, say, loggedIn } = options;
  let logins = 0;
  let loginId: string | null = null;
  let isRejected = false;

  return {
    challenged(challenge) {
      if (!signer || logins >= LOGIN_LIMIT) return;
      logins += 1;
      signer.sign(makeAuthEvent(url, challenge)).then((event) => {
        loginId = event.id;
        say(['AUTH', event]);
      });
    },
    answered(eventId, accepted) {
      if (eventId !== loginId) return false;
      isRejected = !accepted;
      if (accepted) loggedIn();
      return true;
    },
    disconnected() {
      logins = 0;
      loginId = null;
      isRejected = false;
    },
    get isRejected() {
      return isRejected;
    },
  };
}

/** Does a relay's reason ask for a login? strfry puts a word of its own before the standard's prefix. */
export function asksForLogin(reason: string): boolean {
  return /^(?:error: )?auth-required:/iu.test(reason);
}
