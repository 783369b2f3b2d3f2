/** A value SQLite gives or takes here. */
export type SqliteValue = null | number | bigint | string | Uint8Array;

/** The part of `node:sqlite`'s `StatementSync` in use here. */
export interface SqliteStatement {
  run(...parameters: SqliteValue[]): unknown;
  get(...parameters: SqliteValue[]): unknown;
  iterate(...parameters: SqliteValue[]): Iterable<unknown>;
}

/** The part of `node:sqlite`'s `DatabaseSync` in use here. */
export interface SqliteDatabase {
  exec(sql: string): void;
  prepare(sql: string): SqliteStatement;
  close(): void;
}

/** Opens a connection to the database in `file`, creating it if there is none. Throws the driver's own error. */
export type OpenDatabase = (file: string) => SqliteDatabase;

interface SqliteModule {
  readonly DatabaseSync: new (file: string) => SqliteDatabase;
}

/**
 * The runtime's own `node:sqlite` where it has one, and else `@photostructure/sqlite`, which has the same API
 * and is not loaded before.
 */
export async function loadSqliteDriver(): Promise<OpenDatabase> {
  const { DatabaseSync } = builtIn() ?? (await import("@photostructure/sqlite"));
  return (file) => new DatabaseSync(file);
}

function builtIn(): SqliteModule | undefined {
  // A name the type declarations of the oldest supported Node do not know yet.
  const getBuiltinModule = process.getBuiltinModule as (id: string) => unknown;
  return getBuiltinModule("node:sqlite") as SqliteModule | undefined;
}
