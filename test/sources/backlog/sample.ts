/** A task's file as Backlog.md 1.52 writes it. */
export function taskFile(
  id: string,
  title: string,
  status: string,
  { front, body = '' }: { readonly front?: string; readonly body?: string } = {},
): string {
  return [
    '---',
    `id: ${id}`,
    `title: '${title.replaceAll("'", "''")}'`,
    `status: ${status}`,
    'assignee: []',
    "created_date: '2026-11-30 04:10'",
    ...(front ? [front] : []),
    '---',
    '',
    body,
  ].join('\n');
}

/** Acceptance criteria as it writes them: `x a` is ticked, `  a` is not. */
export function criteria(...boxes: readonly string[]): string {
  const lines = boxes.map((box, index) => `- [${box.slice(0, 1)}] #${index + 1} ${box.slice(2)}`);
  return ['## Acceptance Criteria', '<!-- AC:BEGIN -->', ...lines, '<!-- AC:END -->', ''].join('\n');
}

export const SETTINGS = [
  'project_name: "Shelves"',
  'default_status: "To Do"',
  'statuses: ["To Do", "In Progress", "Done"]',
  'labels: []',
  'task_prefix: "task"',
  '',
].join('\n');
