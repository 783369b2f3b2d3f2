import { describe, expect, test } from "vitest";
import { copyJson, MAX_JSON_DEPTH, parseJson } from "./strict.js";

const bytes = (...values: number[]) => Uint8Array.from(values);
const nested = (depth: number) => `${"[".repeat(depth)}${"]".repeat(depth)}`;

describe("parseJson", () => {
  test.each([
    ['{"a":[1,-7,0,9007199254740991,true,false,null,"x"]}'],
    ['{"a":{"a":{}},"b":{"a":1}}'],
    ['{"":1}'],
    ['"\\ud83d\\ude00 \u{1f600} \\u0000"'],
    ['{"a":"\\"","b":"\\\\","c":"{\\"a\\":1,\\"a\\":1.5}"}'],
    [' \t\r\n{ "constructor" : [ ] , "valueOf" : 1 } '],
    [nested(MAX_JSON_DEPTH)],
  ])("reads %s as JSON.parse does", (text) => {
    expect(parseJson(text)).toEqual({ ok: true, value: JSON.parse(text) });
    expect(parseJson(new TextEncoder().encode(text))).toEqual({ ok: true, value: JSON.parse(text) });
  });

  test.each([
    ["", "json_syntax"],
    ["{", "json_syntax"],
    ["{'a':1}", "json_syntax"],
    ['{"a":1,}', "json_syntax"],
    ["[01]", "json_syntax"],
    ["NaN", "json_syntax"],
    ["\ufeff{}", "json_syntax"],
    ["{} {}", "json_syntax"],
    ['{"a":1,"a":2}', "json_duplicate_member"],
    ['{"a":1,"a":1}', "json_duplicate_member"],
    ['{"a":1,"\\u0061":1}', "json_duplicate_member"],
    ['{"b":{"c":[{"a":1,"x":2,"a":1}]}}', "json_duplicate_member"],
    ['{"a":[{}],"a":1}', "json_duplicate_member"],
    ["1.0", "json_number"],
    ["[1.5]", "json_number"],
    ["[1e3]", "json_number"],
    ["[1E3]", "json_number"],
    ["[-0]", "json_number"],
    ["[9007199254740992]", "json_number"],
    ["[-9007199254740992]", "json_number"],
    ["[1000000000000000000000]", "json_number"],
    ['{"a":0.0}', "json_number"],
    ['"\\ud800"', "json_surrogate"],
    ['["\\udc00\\ud800"]', "json_surrogate"],
    ['{"\\ud800":1}', "json_surrogate"],
    ['{"__proto__":{}}', "json_forbidden_member"],
    ['{"a":{"__pr\\u006fto__":1}}', "json_forbidden_member"],
    ['{"a\\u0000b":1}', "json_forbidden_member"],
    [nested(MAX_JSON_DEPTH + 1), "json_depth"],
    [`${'{"a":'.repeat(MAX_JSON_DEPTH + 1)}1${"}".repeat(MAX_JSON_DEPTH + 1)}`, "json_depth"],
    [nested(500_000), "json_depth"],
    ["[".repeat(1_000_000), "json_syntax"],
  ])("refuses %.40s", (text, code) => {
    const result = parseJson(text);
    expect(!result.ok && result.refusal.code).toBe(code);
  });

  test("refuses bytes that are not UTF-8", () => {
    for (const input of [
      bytes(0x22, 0xff, 0x22),
      bytes(0x22, 0xc0, 0x80, 0x22),
      bytes(0x22, 0xed, 0xa0, 0x80, 0x22),
    ]) {
      const result = parseJson(input);
      expect(!result.ok && result.refusal.code).toBe("json_encoding");
    }
  });

  test("a lone surrogate in text, and a name repeated as value, are told apart", () => {
    expect(parseJson('{"a":"a","b":"a"}').ok).toBe(true);
    expect(parseJson('"\ud800"').ok).toBe(false);
  });
});

describe("copyJson", () => {
  test("copies plain data", () => {
    const value = { a: [1, "x", null, true], b: Object.assign(Object.create(null), { c: 1 }) };
    const copy = copyJson(value);
    expect(copy).toEqual({ ok: true, value: { a: [1, "x", null, true], b: { c: 1 } } });
    value.a.push("later");
    expect(copy.ok && copy.value).toEqual({ a: [1, "x", null, true], b: { c: 1 } });
  });

  const cycle: unknown[] = [];
  cycle.push(cycle);
  test.each([
    [1.5, "json_number"],
    [-0, "json_number"],
    [Number.NaN, "json_number"],
    [2 ** 53, "json_number"],
    ["\ud800", "json_surrogate"],
    [{ "\ud800": 1 }, "json_surrogate"],
    [{ "a\0": 1 }, "json_forbidden_member"],
    [JSON.parse('{"__proto__":1}'), "json_forbidden_member"],
    [undefined, "malformed"],
    [{ a: undefined }, "malformed"],
    [1n, "malformed"],
    [new Date(0), "malformed"],
    [new Map(), "malformed"],
    [() => 1, "malformed"],
    // biome-ignore lint/suspicious/noSparseArray: what is tested
    [[, 1], "malformed"],
    [cycle, "json_depth"],
  ])("refuses %#", (value, code) => {
    const result = copyJson(value);
    expect(!result.ok && result.refusal.code).toBe(code);
  });
});
