import { startServer } from "@tuf-das/http";
import { describe, expect, onTestFinished, test } from "vitest";
import { exchange } from "./exchange.js";
import { goldenNames, normaliser, readGolden } from "./golden.js";

describe("what RSTUF's client was answered when it was recorded, it is answered today", () => {
  test.each(goldenNames())("%s", async (name) => {
    const { recorded, exchanges } = readGolden(name);
    const failures: unknown[] = [];
    const server = await startServer({
      host: "127.0.0.1",
      port: 0,
      store: "memory:",
      clock: () => Date.parse(recorded),
      report: (error) => failures.push(error),
    });
    onTestFinished(() => server.close());
    const { normalise, restore } = normaliser();
    for (const { request, response } of exchanges) {
      const answered = await exchange(server.url, { ...request, path: restore(request.path) });
      expect(normalise(answered), `${request.method} ${request.path}`).toEqual({ request, response });
    }
    expect(failures).toEqual([]);
  });

  test("there are recordings", () => {
    expect(goldenNames().length).toBeGreaterThan(0);
  });
});
