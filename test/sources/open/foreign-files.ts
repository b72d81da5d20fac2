/** Files of other programs, written from what these programs write: none of them is a source, wherever it lies. */
export const FOREIGN_FILES: Readonly<Record<string, unknown>> = {
  'package.json': {
    name: 'shop',
    version: '1.0.0',
    scripts: { test: 'vitest' },
    tasks: ['build'],
    status: 'ok',
  },
  'package-lock.json': {
    name: 'shop',
    lockfileVersion: 3,
    packages: { '': { name: 'shop', dependencies: { status: '^1.0.0' } } },
  },
  'tsconfig.json': { compilerOptions: { strict: true }, include: ['src'], references: [{ path: '../a' }] },
  '.vscode/tasks.json': {
    version: '2.0.0',
    tasks: [
      { label: 'build', type: 'shell', command: 'make', group: { kind: 'build', isDefault: true } },
      { label: 'test', type: 'npm', script: 'test', problemMatcher: [], dependsOn: ['build'] },
    ],
  },
  '.vscode/launch.json': {
    version: '0.2.0',
    configurations: [{ name: 'Run', type: 'node', request: 'launch' }],
  },
  'deno.json': { tasks: { dev: 'deno run main.ts', build: { description: 'b', command: 'deno compile' } } },
  'turbo.json': { $schema: 'https://turbo.build/schema.json', tasks: { build: { dependsOn: ['^build'] } } },
  'project.json': { name: 'web', targets: { build: { executor: '@nx/vite:build' } }, tags: [] },
  'composer.json': { name: 'ann/shop', require: { php: '>=8.2' }, scripts: { test: 'phpunit' } },
  'composer.lock.json': { packages: [{ name: 'a/b', version: '1.0', type: 'library', description: 'x' }] },
  'renovate.json': { extends: ['config:recommended'], packageRules: [{ matchPackageNames: ['a'] }] },
  '.mcp.json': { mcpServers: { files: { command: 'npx', args: ['-y', 'files'] } } },
  'docker-inspect.json': [
    {
      Id: '4f5e',
      Name: '/web',
      State: { Status: 'running', Running: true, ExitCode: 0 },
      Config: { Env: ['TOKEN=x'], Labels: { tasks: 'a' } },
    },
  ],
  'npm-audit.json': {
    auditReportVersion: 2,
    vulnerabilities: { a: { name: 'a', severity: 'high', via: [{ title: 'x', url: 'y' }] } },
    metadata: { vulnerabilities: { high: 1 } },
  },
  'jest-results.json': {
    numFailedTests: 1,
    success: false,
    testResults: [
      {
        name: '/a.test.js',
        status: 'failed',
        assertionResults: [{ title: 'adds', fullName: 'sum adds', status: 'passed', ancestorTitles: [] }],
      },
    ],
  },
  'mocha-report.json': {
    stats: { suites: 1, passes: 1, failures: 0 },
    tests: [{ title: 'adds', fullTitle: 'sum adds', duration: 1 }],
    passes: [{ title: 'adds', fullTitle: 'sum adds', duration: 1 }],
    failures: [],
  },
  'playwright-report.json': {
    suites: [{ title: 'a', specs: [{ title: 'b', ok: true, id: '1', tests: [{ status: 'expected' }] }] }],
    stats: { expected: 1 },
  },
  'axe-results.json': {
    passes: [{ id: 'html-lang', description: 'x', nodes: [] }],
    violations: [],
    incomplete: [],
  },
  'eslint.json': [{ filePath: '/a.ts', messages: [{ ruleId: 'x', message: 'y' }], errorCount: 1 }],
  'report.sarif.json': { version: '2.1.0', runs: [{ tool: { driver: { name: 'x' } }, results: [] }] },
  'map.geo.json': {
    type: 'FeatureCollection',
    features: [{ type: 'Feature', id: 1, properties: { name: 'a', status: 'open' }, geometry: null }],
  },
  'openapi.json': { openapi: '3.1.0', paths: { '/tasks': { get: { description: 'x', responses: {} } } } },
  'pods.json': {
    apiVersion: 'v1',
    kind: 'List',
    items: [{ kind: 'Pod', metadata: { name: 'a' }, status: { phase: 'Running' } }],
  },
  'terraform.tfstate.json': {
    version: 4,
    serial: 1,
    resources: [{ mode: 'managed', name: 'a', instances: [] }],
  },
  'ecs-tasks.json': {
    tasks: [{ taskArn: 'arn:x', lastStatus: 'RUNNING', desiredStatus: 'RUNNING' }],
    failures: [],
  },
  'airflow-tasks.json': {
    tasks: [{ task_id: 'a', operator_name: 'Bash', depends_on_past: false }],
    total_entries: 1,
  },
  'gitlab-jobs.json': [{ id: 7, name: 'build', stage: 'build', status: 'success', ref: 'main' }],
  'gh-issues.json': [{ id: 'I_k', number: 7, title: 'x', state: 'OPEN', labels: [] }],
  'gh-runs.json': [
    { databaseId: 1, name: 'CI', status: 'completed', conclusion: 'success', displayTitle: 'x' },
  ],
  'clickup.json': {
    tasks: [{ id: '9hz', name: 'x', description: 'y', status: { status: 'to do' } }],
    last_page: true,
  },
  'asana.json': { data: [{ gid: '1', name: 'x', resource_type: 'task', completed: false }] },
  'google-tasks.json': {
    kind: 'tasks#taskLists',
    items: [
      { kind: 'tasks#tasks', id: 'a', title: 'b', items: [{ id: 'c', title: 'd', status: 'needsAction' }] },
    ],
  },
  'taskwarrior.json': [
    { id: 1, description: 'Buy milk', status: 'pending', uuid: 'a-b', urgency: 0, entry: '20261130T040000Z' },
  ],
  'trello.json': {
    id: 'b',
    name: 'Board',
    cards: [{ id: 'c', name: 'x', closed: false }],
    lists: [],
    labels: [],
  },
  'todoist.json': [{ id: '1', content: 'x', is_completed: false, priority: 1 }],
  'harness.json': { features: [{ id: 1, name: 'a', status: 'pending' }], rules: {} },
  'states.ndjson': { level: 'info', time: 1, msg: 'started', status: 200 },
  'interactions.jsonl': {
    id: 'int-1',
    kind: 'field_change',
    issue_id: 'bd-1',
    created_at: '2026-01-01T00:00:00Z',
  },
  'eslint-log.jsonl': { id: '1', title: 'x', status: 'open' },
};
