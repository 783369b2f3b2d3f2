import { encodeRecord, leafHash, type Recorded, type Verifier } from "@tuf-das/core";
import { commands, rootSigned, signedFile, testSigner, testSigners } from "@tuf-das/core/testing";
import { describe, expect, test } from "vitest";
import type { AppendResult, EventStore } from "../event-store.js";
import { StoreUnavailableError } from "../event-store.js";
import { createMemoryStore } from "../memory.js";
import { createNodeVerifier } from "../node-verifier.js";
import { createService } from "./service.js";

const [ada, ben, cleo, online] = testSigners("ada", "ben", "cleo", "online");
const v1 = rootSigned({ signers: [ada, ben, cleo], threshold: 2, online });
const STREAM = "das-default";

let ids = 0;

function serviceOn(store: EventStore, verifier: Verifier = createNodeVerifier()) {
  return createService({
    store,
    verifier,
    clock: () => Date.parse("2025-01-01T00:00:00Z"),
    newId: () => `id-${++ids}`,
    pause: () => Promise.resolve(),
  });
}

async function recordsOf(store: EventStore) {
  const records = [];
  for await (const { bytes } of store.read(STREAM)) records.push(JSON.parse(new TextDecoder().decode(bytes)));
  return records;
}

/** A memory store whose appends go through a function that may interfere. */
function interfering(
  interfere: (append: () => Promise<AppendResult>, attempt: number) => Promise<AppendResult>,
): EventStore {
  const store = createMemoryStore();
  let attempt = 0;
  return { ...store, append: (...args) => interfere(() => store.append(...args), ++attempt) };
}

describe("an append whose outcome is not known", () => {
  test("that went through is found, and recorded once", async () => {
    const store = interfering(async (append, attempt) => {
      const result = await append();
      return attempt === 1 ? { outcome: "unknown" } : result;
    });
    const service = serviceOn(store);
    expect((await service.execute(commands.bootstrap(signedFile(v1, ada)))).ok).toBe(true);
    expect(await recordsOf(store)).toHaveLength(1);
    expect((await service.execute(commands.sign(ben.sign(v1)))).ok).toBe(true);
    expect((await service.view()).state.bootstrap.state).toBe("finished");
  });

  test("that did not go through is sent again, the same bytes", async () => {
    const store = interfering(async (append, attempt) => (attempt === 1 ? { outcome: "unknown" } : append()));
    const service = serviceOn(store);
    const result = await service.execute(commands.bootstrap(signedFile(v1, ada)));
    const records = await recordsOf(store);
    expect(records).toHaveLength(1);
    expect(result.ok && result.value.task).toBe(records[0].task);
  });

  test("that stays unknown ends as unavailable, and another one may find it done", async () => {
    let broken = true;
    const store = createMemoryStore();
    // The first try is stored, the later ones conflict with it: only a store that never says stays unknown.
    const forgetful: EventStore = {
      ...store,
      append: async (...args) => {
        await store.append(...args);
        return broken ? { outcome: "unknown" } : store.append(...args);
      },
    };
    const service = serviceOn(forgetful);
    await expect(service.execute(commands.bootstrap(signedFile(v1, ada)))).rejects.toThrow(
      StoreUnavailableError,
    );
    broken = false;
    const again = await service.execute(commands.bootstrap(signedFile(v1, ada)));
    expect(!again.ok && again.refusal.code).toBe("bootstrap_exists");
    expect(await recordsOf(store)).toHaveLength(1);
  });
});

describe("two services on one store", () => {
  test("each sees at once what the other acknowledged", async () => {
    const store = createMemoryStore();
    const one = serviceOn(store);
    const two = serviceOn(store);
    await two.view();
    const started = await one.execute(commands.bootstrap(signedFile(v1, ada)));
    expect((await two.view()).pending).toHaveLength(1);
    expect(started.ok && (await two.task(started.value.task))?.event).toBe("Started");
    await two.execute(commands.sign(ben.sign(v1)));
    expect((await one.view()).state.bootstrap.state).toBe("finished");
  });

  test("a refusal rests on what is stored now, not on what was cached", async () => {
    const store = createMemoryStore();
    const one = serviceOn(store);
    const two = serviceOn(store);
    await one.execute(commands.bootstrap(signedFile(v1, ada)));
    await two.view();
    await one.execute(commands.cancel());
    // What `two` has cached says that a bootstrap is pending.
    expect((await two.execute(commands.bootstrap(signedFile(v1, ben)))).ok).toBe(true);
    const late = await one.execute(commands.sign(cleo.sign(v1)));
    expect(late.ok).toBe(true);
  });

  test("a repeat is answered from what is stored now, too", async () => {
    const store = createMemoryStore();
    const one = serviceOn(store);
    const two = serviceOn(store);
    await one.execute(commands.bootstrap(signedFile(v1, ada)));
    await two.view();
    await one.execute(commands.cancel());
    const repeat = await two.execute(commands.sign(ada.sign(v1)));
    expect(!repeat.ok && repeat.refusal.code).toBe("not_pending");
  });

  test("both may start; one wins, the other is refused", async () => {
    const store = createMemoryStore();
    const services = [serviceOn(store), serviceOn(store)];
    const results = await Promise.all(
      services.map((service) => service.execute(commands.bootstrap(signedFile(v1, ada)))),
    );
    expect(results.map((result) => (result.ok ? "started" : result.refusal.code)).sort()).toEqual([
      "bootstrap_exists",
      "started",
    ]);
  });
});

test("commands that arrive together share an append, in order", async () => {
  const sizes: number[] = [];
  const memory = createMemoryStore();
  const store: EventStore = {
    ...memory,
    append: (stream, revision, records) => {
      sizes.push(records.length);
      return memory.append(stream, revision, records);
    },
  };
  const service = serviceOn(store);
  await service.execute(
    commands.bootstrap(signedFile(rootSigned({ signers: [ada, ben, cleo], threshold: 3, online }), ada)),
  );
  const signed = rootSigned({ signers: [ada, ben, cleo], threshold: 3, online });
  const results = await Promise.all([
    service.execute(commands.sign(ben.sign(signed))),
    service.execute(commands.sign(ben.sign(signed))),
    service.execute(commands.sign(testSigner("mallory").sign(signed, cleo.keyid))),
    service.execute(commands.sign(cleo.sign(signed))),
  ]);
  const outcomes = results.map((result) => (result.ok ? result.value.duplicate : result.refusal.code));
  expect(outcomes.slice(0, 2).sort()).toEqual([false, true]);
  expect(outcomes.slice(2)).toEqual(["invalid_signature", false]);
  expect((await recordsOf(store)).map((record) => record.type)).toEqual([
    "Started",
    "SignatureAdded",
    "SignatureAdded",
    "Finalized",
  ]);
  expect(sizes.length).toBeLessThan(4);
});

describe("a store that fails", () => {
  test("the command fails, nothing is kept, and the next one works", async () => {
    let away = true;
    const store = interfering((append) => {
      if (away) throw new StoreUnavailableError("away");
      return append();
    });
    const service = serviceOn(store);
    await expect(service.execute(commands.bootstrap(signedFile(v1, ada)))).rejects.toThrow(
      StoreUnavailableError,
    );
    expect((await service.view()).state.bootstrap.state).toBe("none");
    away = false;
    expect((await service.execute(commands.bootstrap(signedFile(v1, ada)))).ok).toBe(true);
  });

  test("while reading, at the first use: the next use loads again", async () => {
    const memory = createMemoryStore();
    let away = true;
    const store: EventStore = {
      ...memory,
      read(...args) {
        if (away) throw new StoreUnavailableError("away");
        return memory.read(...args);
      },
    };
    const service = serviceOn(store);
    await expect(service.view()).rejects.toThrow(StoreUnavailableError);
    away = false;
    expect((await service.view()).state.bootstrap.state).toBe("none");
  });
});

describe("records forged behind our back", () => {
  async function forge(store: EventStore, event: Omit<Recorded, "time" | "actor" | "task">) {
    let last: Uint8Array | undefined;
    let seq = -1;
    for await (const { bytes, revision } of store.read(STREAM)) [last, seq] = [bytes, revision];
    const { ledger } = JSON.parse(new TextDecoder().decode(last));
    const recorded = { ...event, time: "2025-01-01T00:00:00.000Z", actor: null, task: "forged" } as Recorded;
    const prev = last ? Buffer.from(leafHash(last)).toString("base64") : null;
    const { bytes } = encodeRecord(recorded, { ledger, seq: seq + 1, prev });
    expect((await store.append(STREAM, seq, [bytes])).outcome).toBe("committed");
  }

  test("a signature never counts, and its key may still sign", async () => {
    const store = createMemoryStore();
    const service = serviceOn(store);
    await service.execute(commands.bootstrap(signedFile(v1, ada)));
    const digest = (await service.view()).pending[0]!.signed.digest;
    const signature = { keyid: ben.keyid, sig: ada.sign(v1).sig as string };
    await forge(store, { type: "SignatureAdded", data: { role: "root", digest, signature } });
    for (const other of [service, serviceOn(store)]) {
      const { pending } = await other.view();
      expect(pending[0]!.quorum.sides[0]).toMatchObject({ signed: [ada.keyid], missing: 1 });
      expect(pending[0]!.proven.map((proven) => proven.keyid)).toEqual([ada.keyid]);
    }
    expect((await service.execute(commands.sign(ben.sign(v1)))).ok).toBe(true);
    const root = (await serviceOn(store).view()).state.trusted.get("root");
    expect(root?.signatures.map(({ keyid, sig }) => ({ keyid, sig }))).toEqual([ada.sign(v1), ben.sign(v1)]);
  });

  test("a Finalized without its quorum is not believed", async () => {
    const store = createMemoryStore();
    const service = serviceOn(store);
    await service.execute(commands.bootstrap(signedFile(v1, ada)));
    const digest = (await service.view()).pending[0]!.signed.digest;
    const data = { role: "root", version: 1, digest, file: digest, keyids: { new: [ada.keyid, ben.keyid] } };
    await forge(store, { type: "Finalized", data });
    await expect(service.view()).rejects.toThrow(/not entitled to be finalized/);
    await expect(serviceOn(store).view()).rejects.toThrow(/not entitled to be finalized/);
  });
});

test("a command that no record can hold fails alone", async () => {
  const service = serviceOn(createMemoryStore());
  await service.execute(commands.bootstrap(signedFile(v1, ada)));
  const results = await Promise.allSettled([
    service.execute(commands.cancel(), ""),
    service.execute(commands.cancel("root", null, "a mistake"), "ada"),
  ]);
  expect(results.map((result) => result.status)).toEqual(["rejected", "fulfilled"]);
  expect((await service.view()).pending).toHaveLength(0);
});

test("a signature is verified once, however often it is needed", async () => {
  const node = createNodeVerifier();
  let calls = 0;
  const counting = {
    verify: (...args: Parameters<typeof node.verify>) => {
      calls++;
      return node.verify(...args);
    },
  };
  const service = serviceOn(createMemoryStore(), counting);
  await service.execute(commands.bootstrap(signedFile(v1, ada)));
  await service.view();
  await service.execute(commands.sign(ben.sign(v1)));
  await service.view();
  expect(calls).toBe(2);
});

test("what was parsed cannot be changed afterwards by whoever handed it in", async () => {
  const service = serviceOn(createMemoryStore());
  const file = signedFile(structuredClone(v1), ada);
  const command = commands.bootstrap(file);
  (file.signed as { version: number }).version = 7;
  await service.execute(command);
  expect((await service.view()).pending[0]!.signed.raw.version).toBe(1);
});

describe("verifying costs", () => {
  function counting() {
    const node = createNodeVerifier();
    const verifier = {
      calls: 0,
      verify(...args: Parameters<Verifier["verify"]>) {
        this.calls++;
        return node.verify(...args);
      },
    };
    return verifier;
  }
  const many = Array.from({ length: 100 }, (_, index) => testSigner(`holder ${index}`));

  test("nothing for a proposal that is refused for something else", async () => {
    const verifier = counting();
    const service = serviceOn(createMemoryStore(), verifier);
    for (const more of [{ version: 2 }, { expires: "2024-01-01T00:00:00Z" }]) {
      const signed = rootSigned({ signers: many, threshold: 1, online, ...more });
      expect((await service.execute(commands.bootstrap(signedFile(signed, ...many)))).ok).toBe(false);
    }
    const large = rootSigned({ signers: many, threshold: 1, online, more: { note: "n".repeat(472_000) } });
    const result = await service.execute(commands.bootstrap(signedFile(large, ...many)));
    expect(!result.ok && result.refusal.code).toBe("too_large");
    expect(verifier.calls).toBe(0);
  });

  test("each signature once, also of many", async () => {
    const verifier = counting();
    const service = serviceOn(createMemoryStore(), verifier);
    const signed = rootSigned({ signers: many, threshold: 100, online });
    expect((await service.execute(commands.bootstrap(signedFile(signed, ...many)))).ok).toBe(true);
    expect((await service.view()).state.bootstrap.state).toBe("finished");
    expect(verifier.calls).toBe(100);
  });
});
