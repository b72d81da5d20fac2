/** How many tasks a source may list, and how many steps a task: the rest is not read, and a problem says so. */
export const TASK_LIMIT = 100_000;
export const STEP_LIMIT = 10_000;
