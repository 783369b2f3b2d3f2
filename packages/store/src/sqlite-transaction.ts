import type { SqliteDatabase } from "./sqlite-driver.js";

/**
 * Ends the open transaction without keeping anything of it. Answers whether it certainly ended; having had
 * none counts, since SQLite itself rolls back after some errors.
 */
export function rollback(database: SqliteDatabase): boolean {
  try {
    database.exec("ROLLBACK");
    return true;
  } catch (error) {
    return error instanceof Error && error.message.includes("no transaction is active");
  }
}
