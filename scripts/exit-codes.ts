/** The exit codes of commands. */
export const EXIT_CODES: readonly (readonly [codes: string, meaning: string])[] = [
  ['0', 'success'],
  ['1', 'a bug, a command that got no answer, or a check that found something'],
  ['2', 'a mistake in the usage or configuration'],
  ['3', 'no source could be read'],
  ['4', 'a task failed'],
  ['5', 'a task was cancelled'],
  ['6', 'a task has not ended (only if asked for)'],
  ['7', 'a task needs input (only if waited for)'],
  ['124', 'a wait timed out'],
  ['130, 143', 'ended by SIGINT, by SIGTERM'],
];
