import { expect } from "vitest";
import { updateAnswers } from "./answers.js";
import { describeRstuf } from "./scenario.js";

describeRstuf("root update with RSTUF's client", (scenario) => {
  scenario(
    "update-threshold",
    "a higher threshold is signed by one holder after the other",
    async (world) => {
      const [ada, ben, eve] = [world.key("Ada"), world.key("Ben"), world.key("Eve")];
      const online = world.key("Online");
      await world.ceremony({ holders: [ada, ben, eve], threshold: 2, online, signing: [ada, ben] });
      await world.finalized(1, [ada, ben]);

      const { said } = await world.update({ threshold: 3, days: 700, signing: [ada] });
      expect(said).toContain("Root metadata update completed.");
      const second = await world.sign(eve);
      expect(second.asked[1]).toEqual([ben.name, eve.name]);
      // Two of three are enough for the trusted root, but not for the new one.
      const { pending } = await world.view();
      expect(pending[0]?.quorum.sides).toMatchObject([
        { name: "trusted", missing: 0 },
        { name: "new", missing: 1 },
      ]);
      await world.sign(ben);
      await world.finalized(2, [ada, ben, eve]);
    },
  );

  scenario("update-root-key", "a replaced root key: old and new holders sign", async (world) => {
    const [ada, ben, dan, eve] = [world.key("Ada"), world.key("Ben"), world.key("Dan"), world.key("Eve")];
    const online = world.key("Online");
    await world.ceremony({ holders: [ada, ben], threshold: 2, online, signing: [ada, ben] });
    await world.finalized(1, [ada, ben]);

    await world.update({ remove: [ben], add: [dan, eve], signing: [ada] });
    const leaving = await world.sign(ben);
    expect(leaving.asked[1]).toEqual([ben.name, dan.name, eve.name]);
    const coming = await world.sign(eve);
    expect(coming.asked[1]).toEqual([dan.name, eve.name]);
    await world.finalized(2, [ada, ben, eve]);
  });

  scenario("update-online-key", "a replaced online key is signed by two holders", async (world) => {
    const [ada, ben, old, next] = [world.key("Ada"), world.key("Ben"), world.key("Old"), world.key("Next")];
    await world.ceremony({ holders: [ada, ben], threshold: 2, online: old, signing: [ada, ben] });
    await world.finalized(1, [ada, ben]);

    await world.update({ online: next, signing: [ben] });
    await world.sign(ada);
    await world.finalized(2, [ada, ben]);
    const { signed } = JSON.parse(await world.rootFile());
    expect(signed.roles.timestamp.keyids).toEqual([next.keyid]);
    expect(signed.keys[next.keyid]["x-rstuf-online-key-uri"]).toBe(`fn:${next.keyid}`);
    expect(signed.keys).not.toHaveProperty(old.keyid);
  });

  scenario("update-signed", "with all signatures it is final at once, twice in a row", async (world) => {
    const [ada, ben, eve, online] = [
      world.key("Ada"),
      world.key("Ben"),
      world.key("Eve"),
      world.key("Online"),
    ];
    await world.ceremony({ holders: [ada, ben], threshold: 2, online, signing: [ada, ben] });
    await world.finalized(1, [ada, ben]);
    await world.update({ add: [eve], signing: [ada, ben], complete: true });
    await world.finalized(2, [ada, ben]);
    await world.update({ remove: [ada], signing: [eve, ben], complete: true });
    await world.finalized(3, [ben, eve]);
  });

  scenario("update-refused", "a second update and one of an old root are refused", async (world) => {
    const [ada, ben, online] = [world.key("Ada"), world.key("Ben"), world.key("Online")];
    await world.ceremony({ holders: [ada, ben], threshold: 2, online, signing: [ada, ben] });
    await world.finalized(1, [ada, ben]);
    const update = ["metadata", "update", "--in", world.write("1.root.json", await world.rootFile())];

    await world.update({ days: 700, signing: [ada] });
    const second = await world.refused(update, updateAnswers({ days: 800, signing: [ada] }));
    expect(second.said).toContain("A signing process is pending already");
    await world.sign(ben);
    await world.finalized(2, [ada, ben]);
    const late = await world.refused(update, updateAnswers({ days: 900, signing: [ada] }));
    expect(late.said).toContain("Failed to verify the trust: Expected root version 3 instead got version 2");
  });
});
