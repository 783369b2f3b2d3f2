import { isDeepStrictEqual } from "node:util";
import {
  canonicalBytes,
  claimsOf,
  createPortableVerifier,
  decide,
  decodeRecord,
  decodeSignature,
  Evidence,
  encodeRecord,
  importKey,
  initialState,
  type JsonObject,
  type JsonValue,
  type PublicKey,
  parseJson,
  parseProposal,
  parseSignature,
  publishedFile,
  RecordError,
  type Result,
  sha256Hex,
  verifyClaims,
} from "@tuf-das/core";
import type { Corpus } from "./corpus.js";

/** What came of one input: a refusal's code, or a word for what was accepted. */
export type Outcome = string;

function outcome(result: Result<unknown>): Outcome {
  return result.ok ? "accepted" : result.refusal.code;
}

function must(condition: boolean, what: string): asserts condition {
  if (!condition) throw new Error(what);
}

/** What a reader accepts it must read as everybody does, and as the same again. */
export function checkJson(input: Uint8Array | string): Outcome {
  const result = parseJson(input);
  if (!result.ok) return outcome(result);
  const text =
    typeof input === "string"
      ? input
      : new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(input);
  must(isDeepStrictEqual(result.value, JSON.parse(text)), "parseJson and JSON.parse read different values");
  const again = parseJson(JSON.stringify(result.value));
  must(again.ok, "parseJson refuses what it has accepted");
  must(
    isDeepStrictEqual(canonicalBytes(again.value), canonicalBytes(result.value)),
    "the canonical form is not stable",
  );
  return "accepted";
}

/** Metadata that is accepted keeps the rules that can be seen in it alone. */
export function checkProposal(value: unknown, role: string): Outcome {
  const result = parseProposal(value, role);
  if (!result.ok) {
    const { message, field = "" } = result.refusal;
    must(/^[\x20-\x7e]*$/.test(message + field), "a refusal holds something of its input");
    return outcome(result);
  }
  const { signed, signatures } = result.value;
  must(Number.isSafeInteger(signed.version) && signed.version >= 1, "a version is none");
  must(!Number.isNaN(Date.parse(signed.expires)), "a date is none");
  for (const { keyids, threshold } of signed.roles.values()) {
    const material = new Set(keyids.map((keyid) => signed.keys.get(keyid)?.identity));
    must(!material.has(undefined), "a role has a key id without a key");
    must(material.size === keyids.length, "a role has a key twice");
    must(
      Number.isSafeInteger(threshold) && threshold >= 1 && threshold <= material.size,
      "a threshold is none",
    );
  }
  must(signed.digest === sha256Hex(canonicalBytes(signed.raw)), "a digest is that of something else");
  must(new Set(signatures.map(({ keyid }) => keyid)).size === signatures.length, "a key id signs twice");
  const file = parseJson(publishedFile(signed, signatures));
  must(file.ok && parseProposal(file.value, role).ok, "what would be published would be refused");
  return "accepted";
}

export function checkKey(value: unknown): Outcome {
  const { keytype, scheme, keyval } = (value ?? {}) as { [name: string]: unknown };
  if (typeof keytype !== "string" || typeof scheme !== "string") return "not a key";
  if (typeof keyval !== "object" || keyval === null || Array.isArray(keyval)) return "not a key";
  if (!parseSignature({ keyid: "k", sig: "", keyval }).ok) return "not JSON";
  if (!keytype.isWellFormed() || !scheme.isWellFormed()) return "not JSON";
  const key = { keytype, scheme, keyval: keyval as JsonObject };
  const result = importKey(key);
  if (!result.ok) return outcome(result);
  const again = importKey(structuredClone(key));
  must(again.ok && again.value.identity === result.value.identity, "a key has two identities");
  return result.value.kind;
}

export function checkSignature(key: PublicKey, sig: string): Outcome {
  const bytes = decodeSignature(key, sig);
  if (bytes === undefined) return "no signature";
  must(key.kind !== "opaque", "a signature by an opaque key has a form");
  must(bytes.length > 0 && 2 * bytes.length === sig.length, "a signature is longer than its bytes");
  must(decodeSignature(key, sig.toUpperCase()) !== undefined, "letter case matters");
  return key.kind;
}

export function checkRecord(bytes: Uint8Array, seq: number): Outcome {
  try {
    const record = decodeRecord(bytes, seq);
    must(
      isDeepStrictEqual(encodeRecord(record, record).bytes, Uint8Array.from(bytes)),
      "a record has two forms",
    );
    return record.type;
  } catch (error) {
    if (!(error instanceof RecordError)) throw error;
    return "RecordError";
  }
}

const verifier = createPortableVerifier();

/** Whatever is changed in a file, it is not finalized unless its signed part is one that somebody signed. */
export async function checkQuorum(value: unknown, { honest }: Corpus): Promise<Outcome> {
  const proposal = parseProposal(value, "root");
  if (!proposal.ok) return outcome(proposal);
  const body = { type: "StartBootstrap", proposal: proposal.value, settings: null } as const;
  const evidence = new Evidence();
  await verifyClaims(evidence, claimsOf(body, initialState), verifier);
  const command = { ...body, time: "2025-01-01T00:00:00.000Z", task: "fuzz", actor: null };
  const result = decide(command, initialState, evidence);
  if (!result.ok) return outcome(result);
  const finalized = result.value.events.some((event) => event.type === "Finalized");
  must(honest.has(proposal.value.signed.digest), "metadata was accepted that nobody has signed");
  return finalized ? "Finalized" : "Started";
}

/** The keys of a corpus, imported. */
export function importedKeys({ keys }: Corpus): PublicKey[] {
  return keys.flatMap((key) => {
    const result = importKey(key as unknown as Parameters<typeof importKey>[0]);
    return result.ok ? [result.value] : [];
  });
}

/** A value from text, as far as it is one. */
export function looseJson(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return undefined;
  }
}
