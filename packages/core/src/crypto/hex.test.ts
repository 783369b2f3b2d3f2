import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bigIntToBytes, bytesToBigInt, decodeHex, encodeHex } from "./hex.js";

describe("hex", () => {
  it.each(["0", "0x00", "0g", " 00", "00 ", "00\n", "0\n", "\uff10\uff10", "-1", "+1", "00:00", "zz"])(
    "refuses %j",
    (text) => {
      expect(decodeHex(text)).toBeUndefined();
    },
  );

  it("reads both letter cases and nothing at all", () => {
    expect(decodeHex("aBfF09")).toEqual(Uint8Array.of(0xab, 0xff, 9));
    expect(decodeHex("")).toEqual(new Uint8Array());
  });

  it("reads what it writes", () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        expect(decodeHex(encodeHex(bytes))).toEqual(bytes);
        expect(decodeHex(encodeHex(bytes).toUpperCase())).toEqual(bytes);
        expect(bigIntToBytes(bytesToBigInt(bytes), bytes.length)).toEqual(bytes);
      }),
      { seed: 1 },
    );
  });

  it("does not cut numbers that are too long", () => {
    expect(bigIntToBytes(255n, 1)).toEqual(Uint8Array.of(255));
    expect(bigIntToBytes(256n, 1)).toBeUndefined();
    expect(bigIntToBytes(1n, 0)).toBeUndefined();
    expect(bigIntToBytes(1n, 3)).toEqual(Uint8Array.of(0, 0, 1));
  });
});
