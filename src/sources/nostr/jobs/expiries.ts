/** When something that was reported about a job expires (NIP-40). */
export interface Expiries {
  /** Sets the job's next expiry, epoch ms; null if there is none. */
  set(jobId: string, atMs: number | null): void;
  /** The earliest of all, epoch ms. */
  readonly nextMs: number | null;
  /** Returns the jobs for which something has expired. Set their next expiry again. */
  due(nowMs: number): string[];
}

export function createExpiries(): Expiries {
  const moments = new Map<string, number>();
  /** No later than the earliest: it is computed again only once it has passed. */
  let earliestMs = Number.POSITIVE_INFINITY;

  return {
    set(jobId, atMs) {
      if (atMs === null) return void moments.delete(jobId);
      moments.set(jobId, atMs);
      earliestMs = Math.min(earliestMs, atMs);
    },
    get nextMs() {
      return moments.size === 0 ? null : earliestMs;
    },
    due(nowMs) {
      if (earliestMs > nowMs) return [];
      const due = [...moments].flatMap(([id, atMs]) => (atMs <= nowMs ? [id] : []));
      for (const id of due) moments.delete(id);
      earliestMs = Number.POSITIVE_INFINITY;
      for (const atMs of moments.values()) earliestMs = Math.min(earliestMs, atMs);
      return due;
    },
  };
}
