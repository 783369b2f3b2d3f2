// A process of its own that appends to one stream, for the tests of several processes on one file.
// It says "ready", waits for any message, opens the file, appends and says how often it met a conflict.
import { openSqliteStore } from "../sqlite.js";

const [file = "", stream = "", label = "", count = "0"] = process.argv.slice(2);

async function appendAll(): Promise<number> {
  const store = await openSqliteStore({ file, waitBudgetMs: 30_000 });
  let head = -1;
  let conflicts = 0;
  for (let index = 0; index < Number(count); ) {
    const record = new TextEncoder().encode(`${label}:${index}`);
    const result = await store.append(stream, head, [record]);
    if (result.outcome === "committed") index += 1;
    else conflicts += 1;
    if (result.outcome !== "unknown") head = result.revision ?? head;
  }
  await store.close();
  return conflicts;
}

process.once("message", () => {
  void appendAll().then((conflicts) => {
    process.send?.({ conflicts }, undefined, undefined, () => process.disconnect());
  });
});
process.send?.("ready");
