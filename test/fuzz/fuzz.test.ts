import { describe, expect, it } from "vitest";
import { fuzz } from "./engine.js";
import { growthOf, measureGrowth } from "./growth.js";

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

  it("takes time in proportion to its size", () => {
    const slow = measureGrowth(2 ** 17).filter(({ isFast }) => !isFast);
    expect(slow.map(({ name, times }) => `${name}: ${JSON.stringify(times)}`)).toEqual([]);
  });

  it("would be found out if it took more", () => {
    const quadratic = (size: number) => () => {
      let sum = 0;
      for (let i = 0; i < size; i++) for (let j = 0; j < size / 100; j++) sum = (sum + i * j) | 0;
      return sum;
    };
    expect(growthOf({ name: "quadratic", make: quadratic }, 2 ** 16).isFast).toBe(false);
  });
});
