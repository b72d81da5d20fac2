import type { DocumentContext } from '../present/snapshot.ts';

/** What the description of a task depends on, and who provides it. */
export interface ServerContext extends DocumentContext {
  /** Belongs to this server alone; identifies tasks of its own that come back to it. */
  readonly serverId: string;
}
