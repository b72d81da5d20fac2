import { isUnderNohup } from '../../io/nohup.ts';

const ENDING_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Returns a signal that aborts with the name of the first ending signal that the process receives. Later ones change
 * nothing: the same Ctrl-C may come from the terminal and from a wrapper, and we are already closing. Under `nohup`, SIGHUP
 * is ignored.
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
