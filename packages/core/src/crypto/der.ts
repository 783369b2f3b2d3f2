import { bigIntToBytes, bytesToBigInt } from "./hex.js";

/** The DER tags that keys and signatures use (X.690, 8.1.2). */
export const DER_TAG = {
  integer: 0x02,
  bitString: 0x03,
  null: 0x05,
  objectIdentifier: 0x06,
  sequence: 0x30,
} as const;

/** One DER element. */
export interface DerElement {
  readonly tag: number;
  readonly content: Uint8Array;
}

/**
 * The elements that fill `bytes` exactly, one after the other (the content of a SEQUENCE, or a whole
 * document, which has one). `undefined` unless every length is definite, minimal and inside the input
 * (X.690, 10.1), and nothing trails. Tags of more than one byte and contents above 65,535 bytes are
 * refused too: no key and no signature has them.
 */
export function readDerElements(bytes: Uint8Array): DerElement[] | undefined {
  const elements: DerElement[] = [];
  let at = 0;
  while (at < bytes.length) {
    const tag = bytes[at++] as number;
    if ((tag & 0x1f) === 0x1f) return undefined;
    let length = bytes[at++];
    if (length === undefined) return undefined;
    if (length >= 0x80) {
      const count = length & 0x7f;
      if (count < 1 || count > 2 || at + count > bytes.length) return undefined;
      length = Number(bytesToBigInt(bytes.subarray(at, at + count)));
      if (length < (count === 1 ? 0x80 : 0x100)) return undefined;
      at += count;
    }
    if (at + length > bytes.length) return undefined;
    elements.push({ tag, content: bytes.subarray(at, at + length) });
    at += length;
  }
  return elements;
}

/** The elements of the SEQUENCE that is all of `bytes`; `undefined` if it is anything else. */
export function readDerSequence(bytes: Uint8Array): DerElement[] | undefined {
  const [sequence, ...rest] = readDerElements(bytes) ?? [];
  if (sequence?.tag !== DER_TAG.sequence || rest.length > 0) return undefined;
  return readDerElements(sequence.content);
}

/** The value of a minimal INTEGER that is not negative (X.690, 8.3); `undefined` for anything else. */
export function readDerUnsigned(element: DerElement | undefined): bigint | undefined {
  if (element?.tag !== DER_TAG.integer) return undefined;
  const [first, second] = element.content;
  if (first === undefined || first >= 0x80) return undefined;
  if (first === 0 && second !== undefined && second < 0x80) return undefined;
  return bytesToBigInt(element.content);
}

/** The bytes of a BIT STRING without unused bits; `undefined` for anything else. */
export function readDerBytes(element: DerElement | undefined): Uint8Array | undefined {
  if (element?.tag !== DER_TAG.bitString || element.content[0] !== 0) return undefined;
  return element.content.subarray(1);
}

/** Writes one element with a content of at most 65,535 bytes. */
export function writeDer(tag: number, ...parts: readonly Uint8Array[]): Uint8Array {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const header =
    length < 0x80
      ? [tag, length]
      : length < 0x100
        ? [tag, 0x81, length]
        : [tag, 0x82, length >> 8, length & 0xff];
  const element = new Uint8Array(header.length + length);
  element.set(header);
  let at = header.length;
  for (const part of parts) {
    element.set(part, at);
    at += part.length;
  }
  return element;
}

/** Writes a non-negative integer as a minimal INTEGER. */
export function writeDerUnsigned(value: bigint): Uint8Array {
  // One bit more than the number has, so that the sign bit is clear.
  const length = Math.floor(value.toString(2).length / 8) + 1;
  return writeDer(DER_TAG.integer, bigIntToBytes(value, value === 0n ? 1 : length) ?? new Uint8Array());
}
