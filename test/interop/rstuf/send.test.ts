import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { ceremonyAnswers, signAnswers, updateAnswers } from "./answers.js";
import { describeRstuf, type World } from "./scenario.js";

describeRstuf("files sent with RSTUF's client", (scenario) => {
  scenario("send-files", "bootstrap, update and signature prepared offline", async (world) => {
    const [ada, ben, online] = [world.key("Ada"), world.key("Ben"), world.key("Online")];
    const chosen = { holders: [ada, ben], threshold: 2, online };
    const bootstrap = join(world.folder, "bootstrap.json");
    const signed = ceremonyAnswers({ ...chosen, signing: [ada] });
    await offline(world, ["ceremony"], bootstrap, signed);
    const root = JSON.parse(readFileSync(bootstrap, "utf8")).metadata.root;
    const update = join(world.folder, "update.json");
    const trusted = world.write("root.json", JSON.stringify(root));
    await offline(world, ["metadata", "update", "--in", trusted], update, updateAnswers({ signing: [ada] }));
    const signature = join(world.folder, "signature.json");

    const early = await world.refused(["send", "update", update]);
    expect(early.said).toContain("Requires bootstrap finished. State: None");

    expect((await world.admin(["send", "bootstrap", bootstrap])).said).toContain("Bootstrap completed.");
    await offline(world, ["metadata", "sign", "--in", await pending(world)], signature, signAnswers(ben));
    expect((await world.admin(["send", "sign", signature])).said).toContain("Metadata Signed!");
    await world.finalized(1, [ada, ben]);
    const again = await world.refused(["send", "bootstrap", bootstrap]);
    expect(again.output).toContain("System already has a Metadata");

    await world.admin(["send", "update", update]);
    await offline(world, ["metadata", "sign", "--in", await pending(world)], signature, signAnswers(ben));
    await world.admin(["send", "sign", signature]);
    await world.finalized(2, [ada, ben]);
  });

  scenario("send-repeated", "repeats change nothing; what was stopped may come again", async (world) => {
    const [ada, ben, eve, online] = [
      world.key("Ada"),
      world.key("Ben"),
      world.key("Eve"),
      world.key("Online"),
    ];
    const bootstrap = join(world.folder, "bootstrap.json");
    const chosen = { holders: [ada, ben, eve], threshold: 3, online, signing: [ada] };
    await offline(world, ["ceremony"], bootstrap, ceremonyAnswers(chosen));
    await world.admin(["send", "bootstrap", bootstrap]);
    await world.stop();
    await world.admin(["send", "bootstrap", bootstrap]);

    const signature = join(world.folder, "signature.json");
    await offline(world, ["metadata", "sign", "--in", await pending(world)], signature, signAnswers(ben));
    await world.admin(["send", "sign", signature]);
    await world.admin(["send", "sign", signature]);
    expect((await world.view()).pending[0]?.signatures.size).toBe(2);
    await world.sign(eve);
    await world.finalized(1, [ada, ben, eve]);
    await world.admin(["send", "sign", signature]);
    await world.finalized(1, [ada, ben, eve]);
  });

  scenario("send-bad-signatures", "signatures that count for nothing are refused", async (world) => {
    const [ada, ben, online] = [world.key("Ada"), world.key("Ben"), world.key("Online")];
    const bootstrap = join(world.folder, "bootstrap.json");
    const chosen = { holders: [ada, ben], threshold: 2, online, signing: [ada] };
    await offline(world, ["ceremony"], bootstrap, ceremonyAnswers(chosen));
    const good = JSON.parse(readFileSync(bootstrap, "utf8"));
    const bad = structuredClone(good);
    bad.metadata.root.signed.expires = "2099-01-01T00:00:00Z";
    const forged = await world.refused(["send", "bootstrap", world.write("bad.json", JSON.stringify(bad))]);
    expect(forged.said).toContain("Invalid signature");

    await world.admin(["send", "bootstrap", bootstrap]);
    const [{ sig }] = good.metadata.root.signatures;
    const stranger = { role: "root", signature: { keyid: online.keyid, sig } };
    const others = await world.refused([
      "send",
      "sign",
      world.write("stranger.json", JSON.stringify(stranger)),
    ]);
    expect(others.said).toContain("Key is not authorised");
    const wrong = { role: "root", signature: { keyid: ben.keyid, sig } };
    const invalid = await world.refused(["send", "sign", world.write("wrong.json", JSON.stringify(wrong))]);
    expect(invalid.said).toContain("Invalid signature");

    // Ben signs what is pending, and before he sends it, it is replaced.
    const signature = join(world.folder, "signature.json");
    await offline(world, ["metadata", "sign", "--in", await pending(world)], signature, signAnswers(ben));
    await world.stop();
    await world.ceremony({ ...chosen, days: { timestamp: 1, snapshot: 1, targets: 365, root: 900 } });
    const stale = await world.refused(["send", "sign", signature]);
    expect(stale.said).toContain("Invalid signature");
    expect((await world.view()).pending[0]?.signatures.size).toBe(1);
    await world.sign(ben);
    await world.finalized(1, [ada, ben]);
    const late = await world.refused(["send", "sign", signature]);
    expect(late.said).toContain("No signatures pending for root");
  });
});

/** Runs a command that writes its result to a file and asks no server. */
async function offline(
  world: World,
  argv: readonly string[],
  file: string,
  answers: Parameters<World["admin"]>[1],
) {
  const { exchanges } = await world.admin([...argv, "--dry-run", "--out", file], answers);
  expect(exchanges).toEqual([]);
}

/** Fetches the pending list into a file, as somebody would with a browser. */
async function pending(world: World) {
  return world.write("pending.json", await (await fetch(`${world.server}/api/v1/metadata/sign`)).text());
}
