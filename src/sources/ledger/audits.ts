import type { Clock } from '../../clock.ts';

/** How long after a change the history is checked for completeness, ms. */
const DELAY_MS = 300;
/** An audit may take a tenth of the time. */
const REST_PER_AUDIT = 9;

/** Audits that follow changes, one at a time; many changes cause one audit. */
export interface Audits {
  /** Requests an audit, because something has changed. */
  request(): void;
  /** Resolves once none is under way. */
  close(): Promise<void>;
}

export function createAudits(clock: Clock, audit: () => Promise<void>): Audits {
  let isDue = false;
  let isClosed = false;
  let restMs = 0;
  let cancel: (() => void) | null = null;
  let running: Promise<void> | null = null;

  function plan(): void {
    if (!isDue || isClosed || cancel || running) return;
    cancel = clock.after(Math.max(DELAY_MS, restMs), () => {
      cancel = null;
      running = run();
    });
  }

  async function run(): Promise<void> {
    isDue = false;
    const startedAt = clock.monotonic();
    await audit();
    restMs = (clock.monotonic() - startedAt) * REST_PER_AUDIT;
    running = null;
    plan();
  }

  return {
    request() {
      isDue = true;
      plan();
    },
    async close() {
      isClosed = true;
      cancel?.();
      await running;
    },
  };
}
