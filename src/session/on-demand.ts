import type { OpenedSession, OpenSessionOptions } from './open-session.ts';

/** Opens a session, as `open-session.ts` does; what that needs is loaded as it is opened. */
export async function openSession(options?: OpenSessionOptions): Promise<OpenedSession> {
  return (await import('./open-session.ts')).openSession(options);
}
