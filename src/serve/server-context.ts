import type { DocumentContext } from '../present/snapshot.ts';

/** What a task's words depend on, and who says them. */
export interface ServerContext extends DocumentContext {
  /** Of this server alone: by it a task is known again that comes back. */
  readonly serverId: string;
}
