import type { Monitor } from '../monitor.ts';
import type { SessionContext } from './context.ts';

/**
 * Uses earlier runs from now on, and learns from the runs that end. Not part of opening a session, so that its code is
 * loaded only once there is something to look at.
 */
export async function rememberRuns(
  monitor: Pick<Monitor, 'remember'>,
  { env, onProblem }: Pick<SessionContext, 'env' | 'onProblem'>,
): Promise<void> {
  const { createLazyHistory, historyFile } = await import('./history.ts');
  monitor.remember(createLazyHistory(historyFile({ env }), onProblem));
}
