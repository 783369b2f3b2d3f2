import { generateKeyPairSync, sign } from "node:crypto";
import { canonicalBytes, canonicalize, type JsonObject, sha256Hex } from "@tuf-das/core";

/** Somebody with a private key, as a key holder's own tool would be. */
export interface Holder {
  readonly name: string;
  readonly keyid: string;
  /** The public key, as it stands in metadata. */
  readonly key: JsonObject;
  sign(signed: JsonObject): { keyid: string; sig: string };
}

/** Makes a key on the spot. */
export function newHolder(name: string): Holder {
  const { publicKey, privateKey } = generateKeyPairSync("ed25519");
  const raw = Buffer.from(publicKey.export({ format: "jwk" }).x as string, "base64url");
  const scheme = { keytype: "ed25519", keyval: { public: raw.toString("hex") }, scheme: "ed25519" };
  const keyid = sha256Hex(canonicalize(scheme));
  return {
    name,
    keyid,
    key: { ...scheme, "x-rstuf-key-name": name },
    // What is signed is the canonical form of `signed`, never the text that came over the wire.
    sign: (signed) => ({ keyid, sig: sign(null, canonicalBytes(signed), privateKey).toString("hex") }),
  };
}
