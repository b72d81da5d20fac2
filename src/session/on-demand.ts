import type { OpenedSession, OpenSessionOptions } from './open-session.ts';

/** Opens a session, as `open-session.ts` does, but loads the code for it only now. */
export async function openSession(options?: OpenSessionOptions): Promise<OpenedSession> {
  return (await import('./open-session.ts')).openSession(options);
}
