import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { canonicalBytes, canonicalize } from "./canonical.js";
import { parseJson } from "./strict.js";
import type { JsonValue } from "./value.js";

const recorded = JSON.parse(
  readFileSync(new URL("../../vectors/canonical-json.json", import.meta.url), "utf8"),
) as [string, string | null][];

describe("canonicalize", () => {
  test("has recorded vectors", () => expect(recorded.length).toBeGreaterThan(500));

  test.each(recorded.filter(([, canonical]) => canonical !== null))(
    "writes what securesystemslib writes: %.60s",
    (text, canonical) => {
      expect(canonicalize(JSON.parse(text))).toBe(canonical);
      expect(new TextDecoder().decode(canonicalBytes(JSON.parse(text)))).toBe(canonical);
    },
  );

  test.each(recorded.filter(([, canonical]) => canonical === null))(
    "what securesystemslib refuses is refused when read: %s",
    (text) => {
      expect(parseJson(text).ok).toBe(false);
    },
  );

  test.each([1.5, Number.NaN, 2 ** 53, -(2 ** 53), "\ud800", { "\udc00": 1 }, undefined, 1n, [() => 1]])(
    "throws for what has no canonical form: %#",
    (value) => {
      expect(() => canonicalize(value as JsonValue)).toThrow(TypeError);
    },
  );

  test("minus zero is zero", () => expect(canonicalize(-0)).toBe("0"));
});
