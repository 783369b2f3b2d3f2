import type { JsonObject, JsonValue } from "./value.js";

const encoder = new TextEncoder();

/**
 * Canonical JSON in the OLPC dialect that TUF signs (TUF 4.2.1; securesystemslib `encode_canonical`):
 * members sorted by code point, no white space, only `"` and `\` escaped (control characters stay raw),
 * integers only. It is not RFC 8785.
 *
 * @throws TypeError for what has no canonical form: numbers that are not safe integers, lone surrogates,
 * `undefined`, functions, bigints. {@link copyJson} refuses those first, with a reason.
 * @example
 * canonicalize({ b: [1, "\n"], a: true }); // '{"a":true,"b":[1,"<line feed>"]}'
 */
export function canonicalize(value: JsonValue): string {
  switch (typeof value) {
    case "string":
      return quote(value);
    case "number":
      if (!Number.isSafeInteger(value)) throw new TypeError("canonical JSON has only safe integers");
      return String(value + 0);
    case "boolean":
      return value ? "true" : "false";
    case "object":
      if (value === null) return "null";
      if (Array.isArray(value)) return `[${value.map(canonicalize).join(",")}]`;
      return canonicalizeObject(value as JsonObject);
    default:
      throw new TypeError(`canonical JSON has no ${typeof value}`);
  }
}

/** {@link canonicalize} as UTF-8: the very bytes a TUF signature is made over. */
export function canonicalBytes(value: JsonValue): Uint8Array {
  return encoder.encode(canonicalize(value));
}

function canonicalizeObject(object: JsonObject): string {
  const names = Object.keys(object).sort(byCodePoint);
  return `{${names.map((name) => `${quote(name)}:${canonicalize(object[name] as JsonValue)}`).join(",")}}`;
}

function quote(text: string): string {
  if (!text.isWellFormed()) throw new TypeError("canonical JSON has no lone surrogates");
  return `"${text.replace(/["\\]/g, "\\$&")}"`;
}

/**
 * Orders by code point. JavaScript's default order is by UTF-16 unit, which puts U+10000 and above
 * (surrogates, D800-DFFF) before U+E000-U+FFFF: other bytes, another digest.
 */
function byCodePoint(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x !== y) return rank(x) - rank(y);
  }
  return a.length - b.length;
}

function rank(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit;
}
