import { isUnderNohup } from '../../io/nohup.ts';

const ENDING_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Returns a signal that aborts with the name of the first ending signal that the process receives. Later ones change
 * nothing: the same Ctrl-C may come from the terminal and from the wrapper, and we are closing already. Under `nohup`,
 * SIGHUP ends nothing.
 */
export function abortOnSignals(process: NodeJS.Process): AbortSignal {
  const controller = new AbortController();
  const ignored = isUnderNohup(process) ? 'SIGHUP' : null;
  for (const name of ENDING_SIGNALS)
    process.on(name, () => {
      if (name !== ignored) controller.abort(name);
    });
  return controller.signal;
}
