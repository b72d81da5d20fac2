/** How many tasks a source may list, and steps a task: what comes after them is named, not read. */
export const TASK_LIMIT = 100_000;
export const STEP_LIMIT = 10_000;
