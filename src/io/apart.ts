/**
 * Options that start a program in a session of its own, for programs that the user does not know about. In our own group, Ctrl-Z
 * could stop such a program between fork and exec, and would block us until it is continued.
 */
export const APART = { detached: true } as const;
