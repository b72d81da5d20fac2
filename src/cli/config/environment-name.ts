/**
 * Returns the environment variable for a setting or an option: `TASKGLASS_STALL_AFTER` for `stallAfter` or `stall-after`.
 */
export function environmentName(name: string): string {
  return `TASKGLASS_${dashed(name, '_').replaceAll('-', '_').toUpperCase()}`;
}

/** Returns `stallAfter` in lower case, with its words joined by `dash`. */
export function dashed(setting: string, dash: string): string {
  return setting.replace(/[A-Z]/gu, (letter) => `${dash}${letter.toLowerCase()}`);
}
