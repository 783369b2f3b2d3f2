import {
  decodeRecord,
  decodeSignature,
  encodeRecord,
  importKey,
  type JsonObject,
  type JsonValue,
  type PublicKey,
  parseJson,
  parseProposal,
  type Recorded,
} from "@tuf-das/core";
import { rootSigned, targetsSigned, testSigner } from "@tuf-das/core/testing";

/** A nasty input of about `size` characters, and who reads it. */
export interface Shape {
  readonly name: string;
  /** Sizes above this are refused unread. */
  readonly most?: number;
  /** Prepares an input; what it returns is measured. */
  make(size: number): () => unknown;
}

export interface Growth {
  readonly name: string;
  /** Milliseconds, by size. */
  readonly times: readonly (readonly [size: number, milliseconds: number])[];
  /** Exponent of growth at the largest sizes: 1 is linear, 2 quadratic. */
  readonly exponent: number;
  readonly isFast: boolean;
}

const many = (size: number, text: string) => text.repeat(Math.ceil(size / text.length));
const list = <T>(length: number, make: (index: number) => T): T[] =>
  Array.from({ length }, (_, i) => make(i));
const object = (entries: readonly (readonly [string, JsonValue])[]): JsonObject =>
  Object.fromEntries(entries);

const json = (name: string, text: (size: number) => string): Shape => ({
  name: `parseJson: ${name}`,
  make(size) {
    const bytes = new TextEncoder().encode(text(size));
    return () => parseJson(bytes);
  },
});

const proposal = (
  name: string,
  role: string,
  signed: (size: number) => JsonObject,
  signatures: JsonValue = [],
): Shape => ({
  name: `parseProposal: ${name}`,
  most: 500_000,
  make(size) {
    const file = { signatures, signed: signed(size) };
    return () => parseProposal(structuredClone(file), role);
  },
});

const key = (name: string, keytype: string, scheme: string, text: (size: number) => string): Shape => ({
  name: `importKey: ${name}`,
  make(size) {
    const keyval = { public: text(size) };
    return () => importKey({ keytype, scheme, keyval });
  },
});
const rsa = (name: string, text: (size: number) => string) => key(name, "rsa", "rsassa-pss-sha256", text);

/** An SPKI PEM whose modulus has about as many bytes as DER here may have. */
function hugeModulus(size: number): string {
  const tlv = (tag: number, content: Buffer): Buffer => {
    const length = content.length;
    const head =
      length < 128
        ? [length]
        : length < 65_536
          ? [0x82, length >> 8, length & 255]
          : [0x83, length >> 16, (length >> 8) & 255, length & 255];
    return Buffer.concat([Buffer.from([tag, ...head]), content]);
  };
  const modulus = tlv(2, Buffer.alloc(Math.min(65_000, Math.floor((size * 3) / 4)), 0x7f));
  const numbers = tlv(0x30, Buffer.concat([modulus, Buffer.from([2, 1, 3])]));
  const algorithm = Buffer.from("300d06092a864886f70d0101010500", "hex");
  const spki = tlv(0x30, Buffer.concat([algorithm, tlv(3, Buffer.concat([Buffer.from([0]), numbers]))]));
  return `-----BEGIN PUBLIC KEY-----\n${spki.toString("base64")}\n-----END PUBLIC KEY-----\n`;
}

const online = testSigner("online");
const root = rootSigned({ signers: [testSigner("alice")], online });
const delegations = (roles: readonly JsonValue[]): JsonObject =>
  targetsSigned({ more: { delegations: { keys: { [online.keyid]: online.key }, roles } } });

function signatureShape(
  name: string,
  by: { keytype: string; scheme: string; keyval: JsonObject },
  text: (size: number) => string,
): Shape {
  const imported = importKey(by);
  if (!imported.ok) throw new Error(imported.refusal.message);
  const key: PublicKey = imported.value;
  return {
    name: `decodeSignature: ${name}`,
    make(size) {
      const sig = text(size);
      return () => decodeSignature(key, sig);
    },
  };
}

function record(name: string, data: (size: number) => JsonObject): Shape {
  return {
    name: `decodeRecord: ${name}`,
    make(size) {
      const event = {
        type: "Started",
        data: data(size),
        time: "2025-01-01T00:00:00.000Z",
        task: "t",
        actor: null,
      };
      const { bytes } = encodeRecord(event as unknown as Recorded, { ledger: "l", seq: 0, prev: null });
      return () => {
        try {
          decodeRecord(bytes, 0);
        } catch {
          // Refused in its own time.
        }
      };
    },
  };
}
const started = (more: JsonObject): JsonObject => ({
  role: "root",
  kind: "bootstrap",
  digest: "0".repeat(64),
  metadata: { signatures: [], signed: {} },
  settings: null,
  ...more,
});

const SHAPES: readonly Shape[] = [
  json("nested arrays", (size) => "[".repeat(size / 2) + "]".repeat(size / 2)),
  json("nested objects", (size) => many(size, '{"a":')),
  json("arrays that never end", (size) => "[".repeat(size)),
  json(
    "nested to the limit, again and again",
    (size) => `[${many(size, `${"[".repeat(60)}${"]".repeat(60)},`)}0]`,
  ),
  json("many members", (size) => `{${list(size / 12, (i) => `"k${i}":${i}`).join()}}`),
  json(
    "long names that differ at the end",
    (size) => `{${list(size / 1010, (i) => `"${"k".repeat(1000)}${i}":0`).join()}}`,
  ),
  json(
    "names written in escapes",
    (size) =>
      `{${list(size / 44, (i) => `"${[...String(i).padStart(6, "0")].map((c) => `\\u003${c}`).join("")}":0`).join()}}`,
  ),
  json("one string of escapes", (size) => `"${many(size, "\\u0041")}"`),
  json("one string of backslashes", (size) => `"${many(size, "\\\\")}"`),
  json("strings with one escape", (size) => `[${many(size, '"\\n",')}""]`),
  json("a string that never ends", (size) => `"${many(size, '\\"')}`),
  json("a long number", (size) => many(size, "1")),
  json("a long fraction", (size) => `0.${many(size, "0")}`),
  json("many numbers", (size) => `[${many(size, "9007199254740991,")}0]`),
  json("white space", (size) => `${many(size, " \n")}0`),
  json("surrogates", (size) => `"${many(size, "\u{10000}")}"`),
  json("surrogates in the wrong order", (size) => `["${many(size, "\\udc00\\ud800")}"]`),
  proposal("many members nobody knows", "root", (size) => ({
    ...root,
    more: object(list(size / 12, (i) => [`k${i}`, i])),
  })),
  proposal("names that differ at the end", "root", (size) => ({
    ...root,
    more: object(list(size / 1010, (i) => [`${"k".repeat(1000)}${i}`, 0])),
  })),
  proposal("a long text", "root", (size) => ({ ...root, more: many(size, '"\\\n') })),
  proposal("many keys", "root", (size) => ({
    ...root,
    keys: object([
      ...Object.entries(root.keys as JsonObject),
      ...list(Math.min(1000, size / 170), (i) => [`${i}`.padStart(64, "0"), online.key] as const),
    ]),
  })),
  proposal("too many keys", "root", (size) => ({
    ...root,
    keys: object(list(size / 8, (i) => [`${i}`, 0])),
  })),
  proposal("a role with many key ids", "root", (size) => ({
    ...root,
    roles: { ...(root.roles as JsonObject), root: { keyids: list(size / 4, () => "x"), threshold: 1 } },
  })),
  proposal(
    "many signatures",
    "root",
    () => root,
    list(2_000, (i) => ({ keyid: `${i}`, sig: "00" })),
  ),
  proposal("many targets", "targets", (size) =>
    targetsSigned({
      more: { targets: object(list(size / 60, (i) => [`t/${i}`, { length: i, hashes: { sha256: "00" } }])) },
    }),
  ),
  proposal("many delegated roles", "targets", (size) =>
    delegations(
      list(size / 180, (i) => ({
        name: `r${i}`,
        keyids: [online.keyid],
        threshold: 1,
        terminating: true,
        paths: [],
      })),
    ),
  ),
  proposal("a delegated role with many paths", "targets", (size) =>
    delegations([
      {
        name: "r",
        keyids: [online.keyid],
        threshold: 1,
        terminating: true,
        paths: list(size / 8, (i) => `p${i}`),
      },
    ]),
  ),
  proposal("a delegated role with a long name", "targets", (size) =>
    delegations([
      { name: many(size, "a."), keyids: [online.keyid], threshold: 1, terminating: true, paths: [] },
    ]),
  ),
  proposal("many hashes", "targets", (size) =>
    targetsSigned({
      more: { targets: { t: { length: 1, hashes: object(list(size / 14, (i) => [`h${i}`, ""])) } } },
    }),
  ),
  rsa("a PEM that never ends", (size) => `-----BEGIN PUBLIC KEY-----\n${many(size, "A")}`),
  rsa(
    "a PEM of line breaks",
    (size) => `-----BEGIN PUBLIC KEY-----\n${many(size, "\n")}-----END PUBLIC KEY----`,
  ),
  rsa(
    "a PEM of equal signs",
    (size) => `-----BEGIN PUBLIC KEY-----\n${many(size, "=")}\n-----END PUBLIC KEY-----`,
  ),
  rsa("many beginnings", (size) => many(size, "-----BEGIN PUBLIC KEY-----\n")),
  rsa("many half beginnings", (size) => many(size, "-----BEGIN ")),
  rsa("dashes", (size) => many(size, "-")),
  rsa("white space before it", (size) => many(size, " \t\r\n")),
  rsa("white space after it", (size) => `${hugeModulus(400)}${many(size, " \n")}x`),
  rsa("a huge modulus", hugeModulus),
  key("hex without end", "ecdsa", "ecdsa-sha2-nistp256", (size) => many(size, "04")),
  key("hex for Ed25519 without end", "ed25519", "ed25519", (size) => many(size, "00")),
  key("an unknown kind", "sphincs", "sphincs", (size) => many(size, '"')),
  signatureShape("Ed25519, hex without end", online.key as never, (size) => many(size, "00")),
  signatureShape("Ed25519, no hex", online.key as never, (size) => many(size, "\n")),
  record("a long text in settings", (size) => started({ settings: { text: many(size, "\n\\") } })),
  record("many members in settings", (size) =>
    started({ settings: object(list(size / 12, (i) => [`k${i}`, i])) }),
  ),
  record("many signatures", (size) =>
    started({ metadata: { signatures: list(size / 24, (i) => ({ keyid: `${i}`, sig: "" })), signed: {} } }),
  ),
];

/** Below this, time says more about the machine than about the input. */
const NOISE_MS = 4;
/** Wide: linear measures as 0.9 to 1.3 on an idle machine, quadratic as 1.9 and more. */
const MAX_EXPONENT = 1.7;
const ATTEMPTS = 4;

/** Feeds each shape in growing sizes and tells how the time grows. */
export function measureGrowth(largest: number): Growth[] {
  return SHAPES.map((shape) => growthOf(shape, largest));
}

/** What is slow is measured again, since another process may have had the machine: it must be slow each time. */
function growthOf(shape: Shape, largest: number): Growth {
  let growth = measureOnce(shape, largest);
  for (let attempt = 1; attempt < ATTEMPTS && !growth.isFast; attempt++) growth = measureOnce(shape, largest);
  return growth;
}

function measureOnce({ name, make, most = Number.POSITIVE_INFINITY }: Shape, largest: number): Growth {
  const top = Math.min(most, largest);
  const sizes = [top / 16, top / 8, top / 4, top / 2, top].map(Math.floor);
  const times = sizes.map((size) => [size, fastest(make(size))] as const);
  const exponent = exponentOf(times);
  return { name, times, exponent, isFast: exponent < MAX_EXPONENT };
}

/** The fastest of a few: what disturbs only ever adds. */
function fastest(work: () => unknown): number {
  let best = Number.POSITIVE_INFINITY;
  for (let i = 0; i < 5; i++) {
    const start = performance.now();
    work();
    best = Math.min(best, performance.now() - start);
  }
  return best;
}

function exponentOf(times: readonly (readonly [number, number])[]): number {
  const [first, last] = [times[0], times.at(-1)] as [readonly [number, number], readonly [number, number]];
  if (last[1] < NOISE_MS) return 0;
  return Math.log(last[1] / Math.max(first[1], NOISE_MS / 16)) / Math.log(last[0] / first[0]);
}
