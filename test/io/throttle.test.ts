import { expect, it } from 'vitest';
import { createFakeClock } from '../../src/clock.ts';
import { createThrottle } from '../../src/io/throttle.ts';

it('says nothing after it was cancelled, whatever was pending and whatever is requested later', () => {
  const clock = createFakeClock();
  let said = 0;
  const throttle = createThrottle(clock, 1_000, () => {
    said += 1;
  });
  throttle.request();
  clock.advance(0);
  throttle.request();
  expect([said, throttle.isWaiting]).toEqual([1, true]);
  throttle.cancel();
  throttle.request();
  expect(throttle.isWaiting).toBe(false);
  clock.advance(5_000);
  throttle.request();
  clock.advance(5_000);
  expect(said).toBe(1);
});
