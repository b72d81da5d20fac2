import type { Io } from '../../io/io.ts';
import type { Session } from './session.ts';

/**
 * Lets agents hold their requests for permission until this session answers them, once it shows such an agent. A session
 * that may not send commands does not. The returned function stops that. Never rejects: without it, the agents ask in their
 * own terminals.
 */
export function openToHooks({ monitor, settings }: Session, io: Io): () => Promise<void> {
  if (settings.readOnly || process.platform === 'win32') return async () => {};
  let opening: Promise<{ close(): Promise<void> } | null> | null = null;
  const homes = () =>
    [...monitor.getState().sources.values()].flatMap(({ kind, location }) =>
      kind === 'claude' ? [location] : [],
    );
  const open = () => {
    if (opening !== null || homes().length === 0) return;
    opening = import('../../agents/claude/hooks/listen-for-hooks.ts')
      .then(({ listenForHooks }) => listenForHooks(io.env, homes))
      .catch(() => null);
  };
  const unsubscribe = monitor.subscribe(open);
  open();
  return async () => {
    unsubscribe();
    await (await opening)?.close();
  };
}
