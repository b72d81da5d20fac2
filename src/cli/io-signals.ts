const ENDING_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** A signal that aborts with the name of the first ending signal that the process receives. */
export function abortOnSignals(process: NodeJS.Process): AbortSignal {
  const controller = new AbortController();
  for (const name of ENDING_SIGNALS) process.once(name, () => controller.abort(name));
  return controller.signal;
}
