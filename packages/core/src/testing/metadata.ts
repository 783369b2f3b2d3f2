import type { JsonObject, JsonValue } from "../json/value.js";
import type { TestSigner } from "./signer.js";

/** What a test root is made of. */
export interface RootParts {
  readonly version?: number;
  readonly expires?: string;
  readonly signers: readonly TestSigner[];
  readonly threshold?: number;
  /** Signs timestamp, snapshot and targets. */
  readonly online: TestSigner;
  /** Sign targets instead of the online key. */
  readonly targets?: { readonly signers: readonly TestSigner[]; readonly threshold: number };
  /** Further members of `signed`. */
  readonly more?: JsonObject;
}

/** The `signed` part of a root for tests. */
export function rootSigned(parts: RootParts): { [name: string]: JsonValue } {
  const {
    version = 1,
    expires = "2030-01-01T00:00:00Z",
    signers,
    threshold = 1,
    online,
    targets,
    more,
  } = parts;
  const all = [...signers, online, ...(targets?.signers ?? [])];
  const onlineRole = { keyids: [online.keyid], threshold: 1 };
  return {
    _type: "root",
    consistent_snapshot: true,
    expires,
    keys: Object.fromEntries(all.map((signer) => [signer.keyid, signer.key])),
    roles: {
      root: { keyids: signers.map((signer) => signer.keyid), threshold },
      snapshot: onlineRole,
      targets: targets
        ? { keyids: targets.signers.map((signer) => signer.keyid), threshold: targets.threshold }
        : onlineRole,
      timestamp: onlineRole,
    },
    spec_version: "1.0.31",
    version,
    ...more,
  };
}

/** What a test delegation is made of. */
export interface DelegationParts {
  readonly name: string;
  readonly signers: readonly TestSigner[];
  readonly threshold: number;
}

/** The `signed` part of targets metadata for tests, with delegations if there are any. */
export function targetsSigned(parts: {
  readonly version?: number;
  readonly expires?: string;
  readonly delegations?: readonly DelegationParts[];
  readonly more?: JsonObject;
}): { [name: string]: JsonValue } {
  const { version = 1, expires = "2030-01-01T00:00:00Z", delegations, more } = parts;
  const signers = delegations?.flatMap((delegation) => delegation.signers) ?? [];
  return {
    _type: "targets",
    ...(delegations && {
      delegations: {
        keys: Object.fromEntries(signers.map((signer) => [signer.keyid, signer.key])),
        roles: delegations.map(({ name, signers, threshold }) => ({
          keyids: signers.map((signer) => signer.keyid),
          name,
          paths: [`${name}/*`],
          terminating: true,
          threshold,
        })),
      },
    }),
    expires,
    spec_version: "1.0.31",
    targets: {},
    version,
    ...more,
  };
}

/** A metadata file with the signatures of the given signers. */
export function signedFile(
  signed: JsonObject,
  ...signers: readonly TestSigner[]
): { signatures: JsonObject[]; signed: JsonObject } {
  return { signatures: signers.map((signer) => signer.sign(signed)), signed };
}
