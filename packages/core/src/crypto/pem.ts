import { accept, type Result, refuse } from "../refusal.js";

const PUBLIC_KEY =
  /^[ \t\r\n]*-----BEGIN PUBLIC KEY-----([\r\n][A-Za-z0-9+/=\r\n]*[\r\n])-----END PUBLIC KEY-----[ \t\r\n]*$/;

/**
 * The DER bytes inside a PEM text that is exactly one `PUBLIC KEY` block (RFC 7468, section 13) with
 * nothing but white space around it. The lines may be broken anywhere, by LF, CR or CRLF. The base64 must
 * be canonical: right padding, no bits left over, no other characters. Platforms are far laxer: they skip
 * junk, take the first of two blocks, and turn a private key into its public half.
 *
 * Refused with `malformed_key`. The content of the block is not looked at.
 */
export function readPublicKeyPem(text: string): Result<Uint8Array> {
  const body = PUBLIC_KEY.exec(text)?.[1];
  if (body === undefined) return refuse("malformed_key", whatIsWrong(text));
  const base64 = body.replace(/[\r\n]/g, "");
  try {
    const binary = atob(base64);
    if (btoa(binary) === base64) return accept(Uint8Array.from(binary, (unit) => unit.charCodeAt(0)));
  } catch {
    // Answered below: base64 that cannot be read is refused like base64 that is not canonical.
  }
  return refuse("malformed_key", "The base64 of the PEM public key is not valid.");
}

function whatIsWrong(text: string): string {
  const labels = [...text.matchAll(/-----BEGIN ([A-Z ]{0,40})-----/g)].map((match) => match[1] as string);
  if (labels.some((label) => label.endsWith("PRIVATE KEY"))) {
    return "A private key was given where a public key belongs.";
  }
  if (labels.length > 1) return "The PEM text has more than one block.";
  if (labels.length === 1 && labels[0] !== "PUBLIC KEY") {
    return "The PEM block is not labelled PUBLIC KEY (only SubjectPublicKeyInfo is accepted).";
  }
  return "The public key is not exactly one PEM block of the kind PUBLIC KEY.";
}
