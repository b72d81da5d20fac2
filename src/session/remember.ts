import type { Monitor } from '../monitor.ts';
import type { SessionContext } from './context.ts';

/**
 * Lets earlier runs count from now on, and learns from what ends. Not part of opening: what it needs is loaded only
 * now, when there is something to look at.
 */
export async function rememberRuns(
  monitor: Pick<Monitor, 'remember'>,
  { env, onProblem }: Pick<SessionContext, 'env' | 'onProblem'>,
): Promise<void> {
  const { createLazyHistory, historyFile } = await import('./history.ts');
  monitor.remember(createLazyHistory(historyFile({ env }), onProblem));
}
