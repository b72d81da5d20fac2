import { describe, expect, it } from 'vitest';
import { createFakeClock } from '../../../src/clock.ts';
import { createPace } from '../../../src/nostr/relay/pace.ts';

const nextTurn = () => new Promise((resolve) => setImmediate(resolve));

describe('the pace of a relay’s messages', () => {
  function paceWith(eachTakesMs: number) {
    const clock = createFakeClock();
    const said: string[] = [];
    const pace = createPace(clock, {
      rest: () => void said.push('rest'),
      goOn: () => void said.push('go on'),
    });
    const take = () => pace.take(() => clock.advance(eachTakesMs));
    return { clock, said, pace, take };
  }

  it('lets a relay wait for as long as what it said at once has taken', () => {
    const { clock, said, take } = paceWith(4);
    take();
    take();
    expect(said).toEqual([]);
    take();
    expect(said).toEqual(['rest']);
    clock.advance(11);
    expect(said).toEqual(['rest']);
    clock.advance(1);
    expect(said).toEqual(['rest', 'go on']);
  });

  it('counts anew after each rest, and not while it lasts', () => {
    const { clock, said, take } = paceWith(6);
    take();
    take();
    take(); // of what had been read already
    expect(said).toEqual(['rest']);
    clock.advance(12);
    take();
    expect(said).toEqual(['rest', 'go on']);
    take();
    expect(said).toEqual(['rest', 'go on', 'rest']);
  });

  it('never lets a relay wait that leaves us time between its messages', async () => {
    const { said, take } = paceWith(4);
    for (let message = 0; message < 20; message += 1) {
      take();
      await nextTurn();
    }
    expect(said).toEqual([]);
  });

  it('does not wait long after the machine stood still', () => {
    const { clock, said, take } = paceWith(60_000);
    take();
    clock.advance(100);
    expect(said).toEqual(['rest', 'go on']);
  });

  it('says nothing more once it is stopped', () => {
    const { clock, said, pace, take } = paceWith(20);
    take();
    pace.stop();
    clock.advance(1_000);
    expect(said).toEqual(['rest']);
  });
});
