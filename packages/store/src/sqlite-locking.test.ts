import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it, onTestFinished } from "vitest";
import { type AppendResult, type EventStore, StoreUnavailableError } from "./event-store.js";
import type { Patience } from "./patience.js";
import { openSqliteStore, openSqliteStoreIn } from "./sqlite.js";
import { loadSqliteDriver } from "./sqlite-driver.js";
import { readTexts, records } from "./testing/contract-helpers.js";

const folder = mkdtempSync(join(tmpdir(), "sqlite-locking-"));
afterAll(() => rmSync(folder, { recursive: true }));

const BUDGET_MS = 1_000;

/** A clock that only pauses move; each pause takes one turn of the event loop. */
function virtualPatience(onPause: (elapsed: number) => void = () => {}): Patience & { pauses: number[] } {
  let elapsed = 0;
  const pauses: number[] = [];
  return {
    pauses,
    now: () => elapsed,
    random: () => 0.5,
    async pause(ms) {
      pauses.push(ms);
      elapsed += ms;
      onPause(elapsed);
      await new Promise((resolve) => setImmediate(resolve));
    },
  };
}

/** A patience during which the lock is released after a while. */
function releasing(holder: { release(): void }): Patience {
  return virtualPatience((elapsed) => {
    if (elapsed > 100) holder.release();
  });
}

async function openWith(file: string, patience: Patience): Promise<EventStore> {
  const openDatabase = await loadSqliteDriver();
  const store = await openSqliteStoreIn({ file, waitBudgetMs: BUDGET_MS }, { openDatabase, patience });
  onTestFinished(() => store.close());
  return store;
}

/** A second connection to the file, which takes and gives back the write lock. */
async function openHolder(file: string): Promise<{ hold(): void; release(): void }> {
  const raw = (await loadSqliteDriver())(file);
  onTestFinished(() => raw.close());
  let held = false;
  return {
    hold() {
      raw.exec("BEGIN IMMEDIATE");
      held = true;
    },
    release() {
      if (held) raw.exec("COMMIT");
      held = false;
    },
  };
}

function newFile(): string {
  return join(folder, `${randomUUID()}.db`);
}

describe("while another connection holds the write lock", () => {
  it("an append leaves the event loop free, and succeeds after the release", async () => {
    const file = newFile();
    // The system's clock and pauses: were the wait inside SQLite, no turn could pass to release the lock.
    const store = await openSqliteStore({ file });
    onTestFinished(() => store.close());
    const holder = await openHolder(file);
    holder.hold();
    let settled: AppendResult | undefined;
    const appended = store.append("s", -1, records("a")).then((result) => {
      settled = result;
      return result;
    });
    for (let turn = 0; turn < 200; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    expect(settled).toBeUndefined();
    holder.release();
    expect(await appended).toEqual({ outcome: "committed", revision: 0 });
  });

  it("reads go on", async () => {
    const file = newFile();
    const store = await openWith(file, virtualPatience());
    await store.append("s", -1, records("a"));
    const holder = await openHolder(file);
    holder.hold();
    expect(await readTexts(store, "s")).toEqual(["0:a"]);
    holder.release();
  });

  it("an append gives up when its budget is used up, and the store recovers without reopening", async () => {
    const file = newFile();
    const patience = virtualPatience();
    const store = await openWith(file, patience);
    const holder = await openHolder(file);
    holder.hold();
    const error = await store.append("s", -1, records("lost")).catch((error: unknown) => error);
    expect(error).toBeInstanceOf(StoreUnavailableError);
    expect((error as Error).message).toContain("locked");
    expect(patience.pauses.reduce((sum, ms) => sum + ms, 0)).toBeCloseTo(BUDGET_MS);
    expect(Math.max(...patience.pauses)).toBeLessThanOrEqual(25);
    holder.release();
    expect(await store.append("s", -1, records("a"))).toEqual({ outcome: "committed", revision: 0 });
    expect(await readTexts(store, "s")).toEqual(["0:a"]);
  });

  it("each append has a budget of its own", async () => {
    const file = newFile();
    const holder = await openHolder(file);
    let late: Promise<AppendResult> | undefined;
    const patience = virtualPatience((elapsed) => {
      if (elapsed > BUDGET_MS / 2) late ??= store.append("s", -1, records("late"));
      if (elapsed > BUDGET_MS + 100) holder.release();
    });
    const store = await openWith(file, patience);
    holder.hold();
    await expect(store.append("s", -1, records("early"))).rejects.toThrow(StoreUnavailableError);
    // Before the release.
    expect(patience.now()).toBeLessThan(BUDGET_MS + 100);
    expect(await late).toEqual({ outcome: "committed", revision: 0 });
    expect(await readTexts(store, "s")).toEqual(["0:late"]);
  });

  it("close waits for the appends in the queue", async () => {
    const file = newFile();
    const holder = await openHolder(file);
    const store = await openWith(file, releasing(holder));
    holder.hold();
    const appended = store.append("s", -1, records("a"));
    await store.close();
    expect(await appended).toEqual({ outcome: "committed", revision: 0 });
  });

  it("a new file is opened after the release, and not when the budget is used up before", async () => {
    const file = newFile();
    const holder = await openHolder(file);
    holder.hold();
    await expect(openWith(file, virtualPatience())).rejects.toThrow(StoreUnavailableError);
    const store = await openWith(file, releasing(holder));
    expect(await store.append("s", -1, records("a"))).toEqual({ outcome: "committed", revision: 0 });
  });

  it("an existing file is opened at once", async () => {
    const file = newFile();
    const first = await openWith(file, virtualPatience());
    await first.append("s", -1, records("a"));
    const holder = await openHolder(file);
    holder.hold();
    const patience = virtualPatience();
    expect(await readTexts(await openWith(file, patience), "s")).toEqual(["0:a"]);
    expect(patience.pauses).toEqual([]);
    holder.release();
  });
});
