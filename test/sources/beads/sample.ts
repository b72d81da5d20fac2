import type { WorldStatus } from '../source-contract.ts';

export type RawBead = Readonly<Record<string, unknown>> & { readonly id: string };

/** The program knows no failure. */
export const STATUSES: Readonly<Record<WorldStatus, string>> = {
  queued: 'open',
  running: 'in_progress',
  completed: 'closed',
  failed: 'open',
};

/** An issue as bd 0.50 writes it into its file. */
export function bead(id: string, title: string, status: string, more: object = {}): RawBead {
  return {
    id,
    title,
    description: 'As a reader I want it.',
    status,
    priority: 2,
    issue_type: 'task',
    owner: 'ann@example.org',
    created_at: '2026-11-29T10:00:00.123456789-08:00',
    created_by: 'Ann',
    updated_at: '2026-11-30T10:00:00.5Z',
    ...(status === 'closed' && { closed_at: '2026-11-30T09:00:00.123456789Z', close_reason: 'Closed' }),
    ...more,
  };
}

export function depends(issue_id: string, depends_on_id: string, type = 'blocks') {
  return { issue_id, depends_on_id, type, created_at: '2026-11-29T10:00:00Z', created_by: 'Ann' };
}

export function lines(beads: readonly unknown[]): string {
  return beads.map((one) => `${JSON.stringify(one)}\n`).join('');
}
