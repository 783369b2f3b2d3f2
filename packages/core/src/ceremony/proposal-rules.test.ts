import { describe, expect, test } from "vitest";
import type { JsonObject } from "../json/value.js";
import {
  commands,
  given,
  rootSigned,
  signedFile,
  targetsSigned,
  testSigner,
  testSigners,
} from "../testing/index.js";

const [ada, tara, ted, dora, online] = testSigners("ada", "tara", "ted", "dora", "online");
const targets = { signers: [tara, ted], threshold: 2 };
const bootstrap = (more: JsonObject = {}) =>
  commands.bootstrap(signedFile(rootSigned({ signers: [ada], online, targets, more }), ada));

describe("room for signatures", () => {
  test("is not kept for keys of a delegator that is only proposed", async () => {
    const scenario = await given(bootstrap());
    const large = targetsSigned({ more: { "x-note": "n".repeat(380_000) } });
    await scenario.given(commands.update(signedFile(large, tara), "targets"));
    const outsiders = Array.from({ length: 900 }, (_, index) => testSigner(`outsider ${index}`));
    const mine = testSigner("outsider");
    const hostile = rootSigned({
      version: 2,
      signers: [mine],
      online,
      targets: { signers: outsiders, threshold: 1 },
    });
    await scenario.given(commands.update(signedFile(hostile, mine)));
    await scenario.when(commands.sign(ted.sign(large), "targets")).thenEvents("SignatureAdded", "Finalized");
  });

  test("is kept for the keys that decide", async () => {
    const signers = Array.from({ length: 400 }, (_, index) => testSigner(`signer ${index}`));
    const root = rootSigned({ signers: [ada], online, targets: { signers, threshold: 400 } });
    const scenario = await given(commands.bootstrap(signedFile(root, ada)));
    const large = targetsSigned({ more: { "x-note": "n".repeat(430_000) } });
    await scenario.when(commands.update(signedFile(large, signers[0]!), "targets")).thenRefused("too_large");
    const fitting = targetsSigned({ more: { "x-note": "n".repeat(400_000) } });
    await scenario.when(commands.update(signedFile(fitting, signers[0]!), "targets")).thenEvents("Started");
  });
});

describe("delegated roles", () => {
  const kms = { keytype: "rsa", scheme: "rsa-pkcs1v15-sha256", keyval: { public: "kept by a service" } };
  const delegating = (key: JsonObject) => {
    const signed = targetsSigned({ delegations: [{ name: "dev", signers: [dora], threshold: 1 }] });
    const delegations = signed.delegations as JsonObject;
    return { ...signed, delegations: { ...delegations, keys: { [dora.keyid]: key } } };
  };
  const withOnline = (key: JsonObject) => {
    const root = rootSigned({ signers: [ada], online, targets });
    return { ...root, keys: { ...(root.keys as JsonObject), [online.keyid]: key } };
  };

  test("have keys that can be checked here", async () => {
    const scenario = await given(bootstrap());
    await scenario
      .when(commands.update(signedFile(delegating(kms), tara), "targets"))
      .thenRefused("unsupported_key");
    await scenario
      .when(commands.update(signedFile(delegating(dora.key), tara), "targets"))
      .thenEvents("Started");
  });

  test("may have the online key, whatever its kind", async () => {
    const scenario = await given(commands.bootstrap(signedFile(withOnline(kms), ada)));
    await scenario.when(commands.update(signedFile(delegating(kms), tara), "targets")).thenEvents("Started");
  });

  test.each(["__proto__", "trusted_x", "1.x", "targets", "a..b", ".a", ""])("are not named %j", (name) => {
    const signed = targetsSigned({ delegations: [{ name, signers: [dora], threshold: 1 }] });
    expect(() => commands.update(signedFile(signed, tara), "targets")).toThrow("invalid_role");
  });

  test.each([
    ["bins", true],
    ["../../bins", false],
    ["", true],
    ["trusted_bins", false],
  ])("hash bins with the prefix %j: %s", (name_prefix, fine) => {
    const succinct_roles = { keyids: [dora.keyid], threshold: 1, bit_length: 2, name_prefix };
    const signed = {
      ...targetsSigned({}),
      delegations: { keys: { [dora.keyid]: dora.key }, succinct_roles },
    };
    const propose = () => commands.update(signedFile(signed, tara), "targets");
    if (fine) expect(propose).not.toThrow();
    else expect(propose).toThrow("invalid_role");
  });
});

test("a target's custom member is an object or not there", () => {
  const signed = (custom: null | JsonObject) =>
    targetsSigned({ more: { targets: { a: { length: 1, hashes: { sha256: "00" }, custom } } } });
  expect(() => commands.update(signedFile(signed(null), tara), "targets")).toThrow("malformed");
  expect(() => commands.update(signedFile(signed({ a: 1 }), tara), "targets")).not.toThrow();
});

test("what was parsed cannot be changed any more", () => {
  const { proposal } = bootstrap();
  expect(() => {
    (proposal.signed.raw as { version: number }).version = 7;
  }).toThrow(TypeError);
  expect(() => {
    (proposal.signatures as unknown[]).length = 0;
    (proposal.signatures[0]?.raw as { sig: string }).sig = "";
  }).toThrow(TypeError);
});
