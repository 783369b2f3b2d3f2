import { generateKeyPairSync, type KeyObject } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { canonicalize, sha256Hex } from "@tuf-das/core";

/** A key pair in files, as the client reads them. */
export interface Key {
  readonly name: string;
  readonly keyid: string;
  /** SPKI PEM. */
  readonly publicFile: string;
  /** PKCS#8 PEM, encrypted. */
  readonly privateFile: string;
  readonly password: string;
}

const KINDS = {
  ed25519: {
    make: () => generateKeyPairSync("ed25519"),
    keytype: "ed25519",
    scheme: "ed25519",
    public: (key: KeyObject) => key.export({ type: "spki", format: "der" }).subarray(-32).toString("hex"),
  },
  ecdsa: {
    make: () => generateKeyPairSync("ec", { namedCurve: "P-256" }),
    keytype: "ecdsa",
    scheme: "ecdsa-sha2-nistp256",
    public: spkiPem,
  },
  rsa: {
    make: () => generateKeyPairSync("rsa", { modulusLength: 2048 }),
    keytype: "rsa",
    scheme: "rsassa-pss-sha256",
    public: spkiPem,
  },
} as const;

function spkiPem(key: KeyObject): string {
  return key.export({ type: "spki", format: "pem" }) as string;
}

/** Makes a key pair and writes its files. */
export function makeKey(folder: string, name: string, kind: keyof typeof KINDS = "ed25519"): Key {
  const { make, keytype, scheme, public: publicValue } = KINDS[kind];
  const { publicKey, privateKey } = make();
  const keyid = sha256Hex(canonicalize({ keytype, keyval: { public: publicValue(publicKey) }, scheme }));
  const password = `password of ${name}`;
  const publicFile = join(folder, `${keyid}.pub`);
  const privateFile = join(folder, `${keyid}.pem`);
  writeFileSync(publicFile, spkiPem(publicKey));
  writeFileSync(
    privateFile,
    privateKey.export({ type: "pkcs8", format: "pem", cipher: "aes-256-cbc", passphrase: password }),
  );
  return { name, keyid, publicFile, privateFile, password };
}
