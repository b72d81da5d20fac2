import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { eventually } from '../../../helpers/eventually.ts';

const PROGRAM = join(import.meta.dirname, '../../../../bin/claude-hook.js');
export const SESSION = '70692597-8d83-499e-8959-332438bd70e6';

/** A hook program that was started, and what it has said when it has ended. */
export interface StartedHook {
  readonly child: ChildProcess;
  readonly ended: Promise<{ readonly code: number | null; readonly stdout: string; readonly stderr: string }>;
}

/** Starts the hook program as Claude Code does, in this runtime directory (`$home/run`). */
export function startHook(
  home: string,
  payload: unknown,
  options: { holdS?: number; endsInput?: boolean; env?: Record<string, string> } = {},
): StartedHook {
  const { holdS, endsInput = true } = options;
  const args = [PROGRAM, '--taskglass', '0.1.0', ...(holdS === undefined ? [] : ['--hold', String(holdS)])];
  const { CLAUDE_CONFIG_DIR: _, ...env } = process.env;
  const child = spawn(process.execPath, args, {
    env: { ...env, HOME: home, TASKGLASS_HOME: home, ...options.env },
  });
  child.stdin.on('error', () => {});
  child.stdin.write(typeof payload === 'string' ? payload : JSON.stringify(payload));
  if (endsInput) child.stdin.end();
  const code = new Promise<number | null>((resolve) => child.once('close', resolve));
  const ended = Promise.all([code, text(child.stdout), text(child.stderr)]).then(
    ([exit, stdout, stderr]) => ({ code: exit, stdout, stderr }),
  );
  return { child, ended };
}

export function runHook(...args: Parameters<typeof startHook>): StartedHook['ended'] {
  return startHook(...args).ended;
}

/**
 * Starts the hook program with a request that it is to hold, again if it does not: a busy machine may not greet it in time.
 * Resolves once `isHeld` does not throw any more.
 */
export async function startHeld(home: string, holdS: number, isHeld: () => void): Promise<StartedHook> {
  for (let tries = 0; ; tries += 1) {
    const hook = startHook(home, PERMISSION, { holdS });
    let hasEnded = false;
    void hook.ended.then(() => {
      hasEnded = true;
    });
    await eventually(() => hasEnded || isHeld());
    if (!hasEnded || tries === 4) return hook;
  }
}

/** What the hooks of a session have noted, the oldest first. */
export function journalOf(home: string, session = SESSION): Record<string, unknown>[] {
  const lines = readFileSync(join(home, 'run', 'claude', `${session}.ndjson`), 'utf8').split('\n');
  return lines.filter(Boolean).map((line) => JSON.parse(line));
}

/** A payload as Claude Code 2.1.332 sends it. */
export function payload(event: string, fields: object = {}): Record<string, unknown> {
  return {
    session_id: SESSION,
    transcript_path: `/home/ada/.claude/projects/-home-ada-parser/${SESSION}.jsonl`,
    cwd: '/home/ada/parser',
    prompt_id: '15f20291-a78c-4e51-ac87-0678c8991a03',
    permission_mode: 'default',
    hook_event_name: event,
    ...fields,
  };
}

export const PERMISSION = payload('PermissionRequest', {
  effort: { level: 'medium' },
  tool_name: 'Bash',
  tool_input: { command: 'touch /srv/made-it', description: 'Make a file' },
  permission_suggestions: [
    { type: 'addDirectories', directories: ['/srv'], destination: 'session' },
    { type: 'setMode', mode: 'acceptEdits', destination: 'session' },
    { type: 'setMode', mode: 'bypassPermissions', destination: 'session' },
  ],
});
