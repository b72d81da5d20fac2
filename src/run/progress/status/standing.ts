/** Whether a command continues by itself, as it says: what it asks of a person, or why it is idle. */
export interface Standing {
  readonly question: string | null;
  readonly idle: string | null;
}

export const RUNS_ON: Standing = { question: null, idle: null };
