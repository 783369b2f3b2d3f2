import { defineConfig } from "vitest/config";

/** What decides whether a mutant of the trust and ceremony code survives: the core's own tests. */
export default defineConfig({
  test: {
    include: ["packages/core/src/**/*.test.ts"],
    exclude: ["packages/core/src/crypto/**"],
    testTimeout: 60_000,
  },
});
