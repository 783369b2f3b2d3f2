import { expect } from "vitest";
import { signAnswers } from "./answers.js";
import { describeRstuf } from "./scenario.js";

describeRstuf("keys of RSTUF's client", (scenario) => {
  scenario("keys-mixed", "ed25519, ECDSA P-256 and RSA in one ceremony and its update", async (world) => {
    const [ada, ben, eve] = [world.key("Ada"), world.key("Ben", "ecdsa"), world.key("Eve", "rsa")];
    const online = world.key("Online", "rsa");
    await world.ceremony({ holders: [ada, ben, eve], threshold: 3, online, signing: [ada] });
    await world.sign(eve);
    await world.sign(ben);
    await world.finalized(1, [ada, ben, eve]);

    const [dan, next] = [world.key("Dan", "ecdsa"), world.key("Next", "ecdsa")];
    await world.update({ remove: [ada], add: [dan], online: next, signing: [eve, dan] });
    await world.sign(ada);
    await world.sign(ben);
    await world.finalized(2, [ada, ben, dan, eve]);
  });

  scenario(
    "keys-wrong-password",
    "after a wrong password the person may try again or give up",
    async (world) => {
      const [ada, ben, online] = [world.key("Ada"), world.key("Ben"), world.key("Online")];
      await world.ceremony({ holders: [ada, ben], threshold: 2, online, signing: [ada] });
      const { texts, menus, files } = signAnswers(ben);
      const twice = { menus: [...menus, "Key PEM File"], files: [...files, ...files] };

      const left = await world.refused(["metadata", "sign"], { ...twice, texts: ["wrong"] });
      expect(left.said).toContain("Cannot sign metadata with key 'Ben'");
      expect(left.exchanges).toHaveLength(1);
      await world.admin(["metadata", "sign"], { ...twice, texts: ["wrong", ...texts] });
      await world.finalized(1, [ada, ben]);
    },
  );

  scenario("keys-wrong-key", "a signature by another key than the chosen one is not sent", async (world) => {
    const [ada, ben, online] = [world.key("Ada"), world.key("Ben"), world.key("Online")];
    const eve = world.key("Eve", "rsa");
    await world.ceremony({ holders: [ada, ben], threshold: 2, online, signing: [ada] });
    const menus = ["root", "Ben", "Key PEM File", "Key PEM File"];
    for (const [other, complaint] of [
      [ada, "Failed to verify Ben signature"],
      [eve, "Cannot sign metadata with key 'Ben'"],
    ] as const) {
      const files = [other.privateFile, other.privateFile];
      const run = await world.refused(["metadata", "sign"], { menus, files, texts: [other.password] });
      expect(run.said).toContain(complaint);
      expect(run.exchanges).toHaveLength(1);
    }
    expect((await world.view()).pending[0]?.signatures.size).toBe(1);
    await world.sign(ben);
    await world.finalized(1, [ada, ben]);
  });
});
