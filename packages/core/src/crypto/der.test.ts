import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  DER_TAG,
  readDerBytes,
  readDerElements,
  readDerSequence,
  readDerUnsigned,
  writeDer,
  writeDerUnsigned,
} from "./der.js";
import { decodeHex } from "./hex.js";

const bytes = (hex: string): Uint8Array => decodeHex(hex.replaceAll(" ", "")) as Uint8Array;

describe("DER", () => {
  it.each([
    ["no length", "02"],
    ["content missing", "02 01"],
    ["trailing byte", "05 00 00"],
    ["indefinite length", "30 80 00 00"],
    ["long form below 128", "04 81 01 00"],
    ["long form with a leading zero", `04 82 00 80 ${"00".repeat(128)}`],
    ["length cut off", "04 82 01"],
    ["length in three bytes", "04 83 00 00 01 00"],
    ["reserved length", "04 ff"],
    ["tag of several bytes", "1f 01 00"],
  ])("refuses: %s", (_name, hex) => {
    expect(readDerElements(bytes(hex))).toBeUndefined();
  });

  it.each([
    ["no element", ""],
    ["not a sequence", "31 00"],
    ["two sequences", "30 00 30 00"],
    ["junk inside", "30 01 02"],
  ])("is no sequence: %s", (_name, hex) => {
    expect(readDerSequence(bytes(hex))).toBeUndefined();
  });

  it.each([
    ["no content", "02 00"],
    ["negative", "02 01 80"],
    ["needless zero byte", "02 02 00 7f"],
    ["two zero bytes", "02 03 00 00 80"],
    ["another tag", "04 01 01"],
  ])("is no unsigned integer: %s", (_name, hex) => {
    expect(readDerUnsigned(readDerElements(bytes(hex))?.[0])).toBeUndefined();
  });

  it("takes bit strings without unused bits only", () => {
    expect(readDerBytes({ tag: DER_TAG.bitString, content: bytes("00 ff") })).toEqual(bytes("ff"));
    expect(readDerBytes({ tag: DER_TAG.bitString, content: bytes("01 fe") })).toBeUndefined();
    expect(readDerBytes({ tag: DER_TAG.bitString, content: bytes("") })).toBeUndefined();
    expect(readDerBytes({ tag: 0x04, content: bytes("00 ff") })).toBeUndefined();
    expect(readDerBytes(undefined)).toBeUndefined();
  });

  it("reads the integers it writes", () => {
    expect(writeDerUnsigned(0n)).toEqual(bytes("02 01 00"));
    expect(writeDerUnsigned(127n)).toEqual(bytes("02 01 7f"));
    expect(writeDerUnsigned(128n)).toEqual(bytes("02 02 00 80"));
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 2n ** 9000n }), (value) => {
        expect(readDerUnsigned(readDerElements(writeDerUnsigned(value))?.[0])).toBe(value);
      }),
      { seed: 1 },
    );
  });

  it("reads the elements it writes, at every form of length", () => {
    for (const length of [0, 1, 127, 128, 255, 256, 65_535]) {
      const content = new Uint8Array(length).fill(7);
      const element = writeDer(4, content);
      expect(readDerElements(element)).toEqual([{ tag: 4, content }]);
      expect(readDerElements(element.subarray(0, -1))).toBeUndefined();
    }
  });

  it("never takes two different inputs for the same elements", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 12 }), (input) => {
        const elements = readDerElements(input);
        if (elements === undefined) return;
        const again = elements.flatMap(({ tag, content }) => [...writeDer(tag, content)]);
        expect(Uint8Array.from(again)).toEqual(input);
      }),
      { numRuns: 2000, seed: 1 },
    );
  });
});
