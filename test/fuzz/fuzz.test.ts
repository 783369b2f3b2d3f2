import { describe, expect, it } from "vitest";
import { fuzz } from "./engine.js";

describe("hostile input", () => {
  it("is read or refused, and nothing else", async () => {
    const { runs, outcomes } = await fuzz(1, (run) => run < 1_500);
    expect(runs).toBe(1_500);
    // Inputs that are all refused at the door would test nothing behind it.
    const accepted = [...outcomes].map(([target, counts]) => [target, counts.size] as const);
    for (const [target, kinds] of accepted) expect(kinds, target).toBeGreaterThan(2);
    for (const target of ["parseJson of bytes", "parseProposal of root", "parseProposal of targets"]) {
      expect(outcomes.get(target)?.get("accepted") ?? 0, target).toBeGreaterThan(0);
    }
    expect(outcomes.get("decide")?.get("Finalized") ?? 0).toBeGreaterThan(0);
  });
});
