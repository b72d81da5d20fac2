import { describe, expect, it } from 'vitest';
import { createFakeClock } from '../../src/clock.ts';
import { createSuspension } from '../../src/ui/suspend.ts';

describe('Ctrl-Z', () => {
  it('does nothing where the system stops no programs, as on Windows', () => {
    let handedBack = 0;
    const suspension = createSuspension({
      clock: createFakeClock(),
      handBack: () => {
        handedBack += 1;
      },
      takeAgain: () => {},
      signals: { SIGINT: 2, SIGTERM: 15 },
    });
    const listeners = process.listenerCount('SIGTSTP');
    suspension.stop();
    expect(handedBack).toBe(0);
    expect(process.listenerCount('SIGTSTP')).toBe(listeners);
    suspension.close();
  });
});
