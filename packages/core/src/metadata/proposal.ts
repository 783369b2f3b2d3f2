import { copyJson } from "../json/strict.js";
import { member } from "../json/value.js";
import { accept, type Result } from "../refusal.js";
import { objectTo, type Path, reading, readObject } from "../shape.js";
import { readSignatures, type Signature } from "./signatures.js";
import { readSigned, type Signed } from "./signed.js";

/** Metadata that somebody proposes for a role: `signed`, checked alone, and the signatures that came with it. */
export interface Proposal {
  readonly signed: Signed;
  readonly signatures: readonly Signature[];
}

/**
 * Reads a metadata file `{signatures, signed}` that is proposed for a role. Unknown members beside the two
 * are refused: they could not be published.
 *
 * @param value any value; it is copied first, so that what was checked is what is kept
 * @param role `root`, `targets` or a delegated role's name
 * @param path where the file stands, for the refusal's `field`
 * @example
 * const proposal = parseProposal(JSON.parse(text), "root");
 * if (!proposal.ok) console.error(proposal.refusal.message);
 */
export function parseProposal(value: unknown, role: string, path: Path = []): Result<Proposal> {
  const copy = copyJson(value);
  if (!copy.ok) return copy;
  const file = reading(() => {
    const object = readObject(copy.value, path);
    if (Object.keys(object).some((name) => name !== "signatures" && name !== "signed")) {
      objectTo(path, "must have no members but signatures and signed");
    }
    return {
      signatures: readSignatures(member(object, "signatures"), [...path, "signatures"]),
      signed: member(object, "signed"),
    };
  });
  if (!file.ok) return file;
  const signed = readSigned(file.value.signed, role, [...path, "signed"]);
  if (!signed.ok) return signed;
  return accept({ signed: signed.value, signatures: file.value.signatures });
}
