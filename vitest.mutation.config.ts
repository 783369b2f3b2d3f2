import { defineConfig } from "vitest/config";

/** What decides whether a mutant of the trust and ceremony code survives: the core's own tests. */
export default defineConfig({
  test: {
    include: ["packages/core/src/**/*.test.ts"],
    // Left out for time: they cover everything and take seconds, and a mutant that only they notice wants a plain test.
    exclude: ["packages/core/src/crypto/**", "**/model.test.ts", "**/differential.test.ts"],
    testTimeout: 60_000,
  },
});
