/** How many events from the future are remembered. */
const REMEMBERED = 10_000;

/**
 * Clamps stamps. One in the future counts as the moment at which the event was first seen, so that the event does not become
 * news again each time that a relay repeats it.
 */
export function createStampClamp(): (eventId: string, stampMs: number, nowMs: number) => number {
  const firstSeen = new Map<string, number>();
  return (eventId, stampMs, nowMs) => {
    const seenAt = firstSeen.get(eventId);
    if (seenAt !== undefined) return Math.min(seenAt, stampMs);
    if (stampMs <= nowMs) return stampMs;
    if (firstSeen.size >= REMEMBERED) firstSeen.delete(firstSeen.keys().next().value as string);
    firstSeen.set(eventId, nowMs);
    return nowMs;
  };
}
