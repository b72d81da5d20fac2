import type { StatementSync } from 'node:sqlite';
import type { Database } from '../../storage/transaction.ts';
import type { SqlValue } from './select-tasks.ts';

type Values = readonly (SqlValue | null)[];

/** SQL on one database. Each statement is prepared only once, because that takes longer than running most of them. */
export interface Statements {
  all<T>(sql: string, ...values: Values): T[];
  get<T>(sql: string, ...values: Values): T | undefined;
  /** Returns how many rows were changed. */
  run(sql: string, ...values: Values): number;
}

/** Creates `Statements`, which throw SQLite's errors. */
export function createStatements(database: Database): Statements {
  const prepared = new Map<string, StatementSync>();

  function statement(sql: string): StatementSync {
    const known = prepared.get(sql);
    if (known) return known;
    const fresh = database.prepare(sql);
    prepared.set(sql, fresh);
    return fresh;
  }

  return {
    all: <T>(sql: string, ...values: Values) => statement(sql).all(...values) as unknown as T[],
    get: <T>(sql: string, ...values: Values) => statement(sql).get(...values) as unknown as T | undefined,
    run: (sql, ...values) => Number(statement(sql).run(...values).changes),
  };
}
