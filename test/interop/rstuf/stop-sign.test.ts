import { expect } from "vitest";
import { describeRstuf } from "./scenario.js";

describeRstuf("stopping a ceremony with RSTUF's client", (scenario) => {
  scenario("stop-bootstrap", "a stopped bootstrap makes room for another", async (world) => {
    const [ada, ben, eve, online] = [
      world.key("Ada"),
      world.key("Ben"),
      world.key("Eve"),
      world.key("Online"),
    ];
    await world.ceremony({ holders: [ada, ben], threshold: 2, online, signing: [ada] });

    const { said } = await world.stop();
    expect(said).toContain("Signing process for root deleted!");
    expect((await world.view()).state.bootstrap.state).toBe("none");
    const nothing = await world.refused(["metadata", "sign"]);
    expect(nothing.said).toContain("Failed to fetch metadata for signing.");

    await world.ceremony({ holders: [eve, ben], threshold: 2, online, signing: [eve] });
    await world.sign(ben);
    await world.finalized(1, [ben, eve]);
  });

  scenario("stop-update", "a stopped update makes room for another of the same version", async (world) => {
    const [ada, ben, eve, online] = [
      world.key("Ada"),
      world.key("Ben"),
      world.key("Eve"),
      world.key("Online"),
    ];
    await world.ceremony({ holders: [ada, ben], threshold: 2, online, signing: [ada, ben] });
    await world.finalized(1, [ada, ben]);
    await world.update({ add: [eve], signing: [ada] });

    // The first time the person hesitates.
    await world.admin(["metadata", "stop-sign"], { menus: ["root", "root"], texts: ["n", "y"] });
    const again = await world.refused(["metadata", "stop-sign"]);
    expect(again.said).toContain("No metadata available for signing");

    await world.update({ days: 800, signing: [ben] });
    await world.sign(ada);
    await world.finalized(2, [ada, ben]);
    expect(JSON.parse(await world.rootFile()).signed.keys).not.toHaveProperty(eve.keyid);
  });
});
