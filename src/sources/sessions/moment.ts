import { epochMs } from '../task-draft.ts';

/** Epoch ms from a number or an ISO time; null for anything else. */
export function moment(raw: unknown): number | null {
  return epochMs(typeof raw === 'string' ? Date.parse(raw) : raw);
}
