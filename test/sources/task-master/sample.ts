/** A file as the program writes it: two tags, ids as numbers in the older and as text in the newer one. */
export const TAGGED = {
  master: {
    tasks: [
      task(1, 'Set up the project', 'done', { priority: 'high' }),
      task(2, 'Write the parser', 'in-progress', {
        dependencies: [1],
        priority: 'critical',
        complexity: 7,
        subtasks: [
          subtask(1, 'Tokens', 'done'),
          subtask(2, 'Tree', 'in-progress'),
          subtask(3, 'Old grammar', 'cancelled'),
          subtask(4, 'Errors', 'pending', [2]),
        ],
      }),
      task(3, 'Publish', 'pending', { dependencies: [1, '2'] }),
      task(4, 'Use the tokens', 'pending', { dependencies: ['2.1'] }),
      task(5, 'Use the tree', 'pending', { dependencies: ['2.2', 5] }),
      task(6, 'Read the contract', 'review'),
      task(7, 'Ask for a quota', 'blocked'),
      task(8, 'Paint the shed', 'deferred'),
      task(9, 'Port to OS/2', 'cancelled'),
      task(10, 'Sign', 'completed', { updatedAt: '2026-11-20T10:00:00.000Z' }),
      task(11, 'Ship the port', 'pending', { dependencies: [9] }),
    ],
    metadata: { created: '2026-11-01T08:00:00.000Z', updated: '2026-11-20T10:00:00.000Z', description: '' },
  },
  loop: {
    tasks: [{ ...task(1, 'Turn in circles', 'pending'), id: '1' }],
    metadata: { version: '1.0.0', taskCount: 1, completedCount: 0, tags: ['loop'] },
  },
};

export function task(id: number, title: string, status: string, more: Record<string, unknown> = {}) {
  return {
    id,
    title,
    description: '',
    details: '',
    testStrategy: '',
    status,
    dependencies: [] as unknown[],
    priority: 'medium',
    subtasks: [] as unknown[],
    ...more,
  };
}

function subtask(id: number, title: string, status: string, dependencies: unknown[] = []) {
  return { id, title, description: '', dependencies, details: '', status, testStrategy: '' };
}
