import { expect } from "vitest";
import { ceremonyAnswers } from "./answers.js";
import { describeRstuf } from "./scenario.js";

describeRstuf("bootstrap with RSTUF's client", (scenario) => {
  scenario("bootstrap-signed", "a ceremony with all signatures is final at once", async (world) => {
    const [ada, ben, online] = [world.key("Ada"), world.key("Ben"), world.key("Online")];
    const { said } = await world.ceremony({ holders: [ada, ben], threshold: 2, online, signing: [ada, ben] });
    expect(said).toContain("Bootstrap status: ACCEPTED");
    expect(said).toContain("Bootstrap status: SUCCESS");
    expect(said).toContain("Bootstrap completed.");
    await world.finalized(1, [ada, ben]);
  });

  scenario("bootstrap-asynchronous", "missing signatures come one after the other", async (world) => {
    const [ada, ben, eve] = [world.key("Ada"), world.key("Ben"), world.key("Žofie 🔑")];
    const holders = [ada, ben, eve];
    const online = world.key("Online");
    await world.ceremony({ holders, threshold: 3, online, signing: [ben] });

    const { state, pending } = await world.view();
    expect(state.bootstrap.state).toBe("signing");
    expect(pending[0]?.quorum.sides).toMatchObject([{ threshold: 3, signed: [ben.keyid], missing: 2 }]);

    const second = await world.sign(eve);
    expect(second.asked[1]).toEqual([ada.name, eve.name]);
    expect(second.said).toContain("Metadata Signed and sent to the API!");
    expect((await world.view()).pending).toHaveLength(1);

    const third = await world.sign(ada);
    expect(third.asked[1]).toEqual([ada.name]);
    await world.finalized(1, [ada, ben, eve]);
  });

  scenario("bootstrap-again", "a second ceremony is refused, pending or finished", async (world) => {
    const [ada, ben, online] = [world.key("Ada"), world.key("Ben"), world.key("Online")];
    const again = ceremonyAnswers({ holders: [ada, ben], threshold: 2, online, signing: [ben] });
    await world.ceremony({ holders: [ada, ben], threshold: 2, online, signing: [ada] });

    const pending = await world.refused(["ceremony"], again);
    expect(pending.output).toContain("System already has a Metadata");
    expect(pending.said).toContain("State: signing");

    await world.sign(ben);
    const finished = await world.refused(["ceremony"], again);
    expect(finished.output).toContain("System already has a Metadata");
    expect(finished.said).toContain("State: finished");
    await world.finalized(1, [ada, ben]);
  });

  scenario("settings-bins", "the ledger keeps the ceremony's settings with bins", async (world) => {
    const [ada, ben, online] = [world.key("Ada"), world.key("Ben"), world.key("Online")];
    const days = { timestamp: 3, snapshot: 7, targets: 400, root: 3650 };
    await world.ceremony({ holders: [ada, ben], threshold: 2, online, signing: [ada, ben], days });
    expect((await world.view()).state.settings?.value).toEqual({
      roles: {
        root: { expiration: 3650 },
        timestamp: { expiration: 3 },
        snapshot: { expiration: 7 },
        targets: { expiration: 400 },
        bins: { expiration: 1, number_of_delegated_bins: 2 },
        delegations: null,
      },
    });
    await world.finalized(1, [ada, ben]);
  });

  scenario("settings-delegations", "the ledger keeps the ceremony's custom delegations", async (world) => {
    const [ada, ben, online] = [world.key("Ada"), world.key("Ben"), world.key("Online")];
    const [dev, ops] = [world.key("Dev"), world.key("Ops")];
    const delegations = [
      { name: "packages", days: 30, paths: ["packages/*"] },
      {
        name: "releases",
        days: 90,
        paths: ["releases/*", "final/*"],
        offline: { threshold: 2, keys: [dev, ops] },
      },
    ];
    await world.ceremony({ holders: [ada, ben], threshold: 2, online, signing: [ada], delegations });
    const key = expect.objectContaining({ keytype: "ed25519" });
    const settings = {
      roles: {
        root: { expiration: 365 },
        timestamp: { expiration: 1 },
        snapshot: { expiration: 1 },
        targets: { expiration: 365 },
        bins: null,
        delegations: {
          keys: { [dev.keyid]: key, [ops.keyid]: key },
          roles: [
            {
              name: "packages",
              terminating: true,
              keyids: [],
              threshold: 1,
              paths: ["packages/*"],
              "x-rstuf-expire-policy": 30,
            },
            {
              name: "releases",
              terminating: true,
              keyids: [dev.keyid, ops.keyid],
              threshold: 2,
              paths: ["releases/*", "final/*"],
              "x-rstuf-expire-policy": 90,
            },
          ],
        },
      },
    };
    expect((await world.view()).pending[0]?.settings).toEqual(settings);
    await world.sign(ben);
    expect((await world.view()).state.settings?.value).toEqual(settings);
    await world.finalized(1, [ada, ben]);
  });
});
