import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { isAbsolute, join } from "node:path";
import { afterAll, describe, expect, it, onTestFinished } from "vitest";
import { systemPatience } from "./patience.js";
import { openSqliteStoreIn } from "./sqlite.js";
import { loadSqliteDriver } from "./sqlite-driver.js";
import { isBusy } from "./sqlite-errors.js";
import { prepareFile } from "./sqlite-file.js";
import { records } from "./testing/contract-helpers.js";
import { probeDriver } from "./testing/sqlite-probe.fixture.js";

const folder = mkdtempSync(join(tmpdir(), "sqlite-file-"));
afterAll(() => rmSync(folder, { recursive: true }));

describe("a new file that another process makes its own at the same moment", () => {
  // Each place at which the other may come in between: the first statement that holds this text.
  it.each(["application_id", "user_version", "sqlite_schema", "journal_mode", "BEGIN IMMEDIATE", "COMMIT"])(
    "is opened when the other comes before %s",
    async (place) => {
      const file = join(folder, `${randomUUID()}.db`);
      const other = (await loadSqliteDriver())(file);
      onTestFinished(() => other.close());
      const probe = await probeDriver();
      let visits = 0;
      probe.before = (sql) => {
        if (!sql.includes(place) || visits++ > 0) return;
        try {
          prepareFile(other);
        } catch (error) {
          // Kept out by a lock, it would try again later.
          if (!isBusy(error)) throw error;
        }
      };
      const store = await openSqliteStoreIn(
        { file },
        { openDatabase: probe.openDatabase, patience: systemPatience },
      );
      onTestFinished(() => store.close());
      expect(visits).toBeGreaterThan(0);
      expect(await store.append("s", -1, records("a"))).toEqual({ outcome: "committed", revision: 0 });
      prepareFile(other);
    },
  );
});

describe("the name of the file", () => {
  it("is never taken for a URI", async () => {
    const openDatabase = (file: string): never => {
      throw new Error(`opened ${isAbsolute(file) ? "an absolute path" : file}`);
    };
    await expect(
      openSqliteStoreIn({ file: "file:x.db?mode=memory" }, { openDatabase, patience: systemPatience }),
    ).rejects.toThrow("opened an absolute path");
  });
});
