import { isJsonObject, type JsonObject, type JsonValue } from "@tuf-das/core";
import type { Random } from "./random.js";

const ODD_VALUES: readonly unknown[] = [
  null,
  true,
  false,
  0,
  -0,
  -1,
  1.5,
  1e21,
  2 ** 53,
  Number.MAX_SAFE_INTEGER,
  "",
  "2",
  "root",
  "targets",
  "__proto__",
  "constructor",
  "toString",
  "../x",
  "\0",
  "\ud800",
  "\u{10000}",
  "0".repeat(64),
  "f".repeat(128),
  "2030-02-30T00:00:00Z",
  [],
  {},
  [[]],
  [null],
];

const ODD_TOKENS = [
  "{",
  "}",
  "[",
  "]",
  '"',
  "\\",
  ",",
  ":",
  "-0",
  "1e5",
  "1.0",
  "9007199254740993",
  "null",
  "\\u0000",
  "\\ud800",
  "\\u0061",
  '"__proto__":1,',
  '"signed":{},',
  '"keyid":"x",',
  "-----BEGIN PUBLIC KEY-----",
  "\\n",
  "\ufeff",
  "\u{10ffff}",
];

/** Changes bytes without regard for what they mean. */
export function mutateBytes(input: Uint8Array, other: Uint8Array, random: Random): Uint8Array {
  let bytes = input;
  for (let times = 1 + random.below(4); times > 0; times--) bytes = mutateOnce(bytes, other, random);
  return bytes;
}

function mutateOnce(bytes: Uint8Array, other: Uint8Array, random: Random): Uint8Array {
  const at = random.below(bytes.length + 1);
  const end = Math.min(bytes.length, at + 1 + random.below(random.pick([2, 8, 64, 1024])));
  switch (random.below(8)) {
    case 0:
      return bytes.map((byte, index) => (index === at ? byte ^ (1 << random.below(8)) : byte));
    case 1:
      return bytes.map((byte, index) => (index === at ? random.below(256) : byte));
    case 2:
      return bytes.subarray(0, at);
    case 3:
      return joined(bytes.subarray(0, at), bytes.subarray(end));
    case 4:
      return joined(bytes.subarray(0, end), bytes.subarray(at));
    case 5:
      return joined(bytes.subarray(0, at), random.bytes(1 + random.below(8)), bytes.subarray(at));
    case 6: {
      const from = random.below(other.length + 1);
      return joined(
        bytes.subarray(0, at),
        other.subarray(from, from + 1 + random.below(256)),
        bytes.subarray(end),
      );
    }
    default:
      return joined(
        bytes.subarray(0, at),
        new TextEncoder().encode(random.pick(ODD_TOKENS)),
        bytes.subarray(at),
      );
  }
}

function joined(...parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** Changes members, elements and values; the result may hold what JSON cannot. */
export function mutateValue(value: JsonValue, random: Random): unknown {
  let changed: unknown = value;
  for (let times = 1 + random.below(3); times > 0; times--) changed = changeSomewhere(changed, random);
  return changed;
}

function changeSomewhere(value: unknown, random: Random): unknown {
  const entries = typeof value === "object" && value !== null ? Object.entries(value) : [];
  if (entries.length === 0 || random.below(5) === 0) return changeHere(value, random);
  const [chosen, inner] = random.pick(entries);
  const changed = changeSomewhere(inner, random);
  if (Array.isArray(value))
    return value.map((item: unknown, index) => (String(index) === chosen ? changed : item));
  return Object.fromEntries(entries.map(([name, item]) => [name, name === chosen ? changed : item]));
}

function changeHere(value: unknown, random: Random): unknown {
  if (Array.isArray(value)) return changeArray(value, random);
  if (isJsonObject(value as JsonValue)) return changeObject(value as JsonObject, random);
  if (typeof value === "string" && random.below(2) === 0) return changeText(value, random);
  if (typeof value === "number" && random.below(2) === 0)
    return value + random.pick([-2, -1, 1, 0.5, 2 ** 53]);
  return random.pick(ODD_VALUES);
}

function changeArray(items: readonly unknown[], random: Random): unknown {
  const at = random.below(items.length + 1);
  switch (random.below(5)) {
    case 0:
      return items.toSpliced(at, 1);
    case 1:
      return items.toSpliced(at, 0, items[random.below(items.length)] ?? null);
    case 2:
      return items.toReversed();
    case 3:
      return items.toSpliced(at, 0, random.pick(ODD_VALUES));
    default:
      return random.pick(ODD_VALUES);
  }
}

function changeObject(object: JsonObject, random: Random): unknown {
  const entries: [string, unknown][] = Object.entries(object);
  const at = random.below(entries.length + 1);
  const [name, item] = entries[at] ?? ["x-new", 1];
  switch (random.below(6)) {
    case 0:
      return Object.fromEntries(entries.toSpliced(at, 1));
    case 1:
      return Object.fromEntries(entries.toSpliced(at, 1, [String(random.pick(ODD_VALUES)), item]));
    case 2:
      return Object.fromEntries([...entries, [`${name}2`, item]]);
    case 3:
      return Object.fromEntries(entries.toReversed());
    case 4: {
      const [, other] = random.pick(entries.length > 0 ? entries : [["", null] as [string, unknown]]);
      return Object.fromEntries(entries.toSpliced(at, 1, [name, other]));
    }
    default:
      return random.pick(ODD_VALUES);
  }
}

function changeText(text: string, random: Random): string {
  const at = random.below(text.length + 1);
  switch (random.below(6)) {
    case 0:
      return text.toUpperCase();
    case 1:
      return text.slice(0, at);
    case 2:
      return `${text.slice(0, at)}${String(random.pick(ODD_VALUES))}${text.slice(at)}`;
    case 3:
      return text.replaceAll("\n", random.pick(["\r\n", "", " ", "\r"]));
    case 4:
      return `${text}${text}`;
    default:
      return `${text.slice(0, at)}${String.fromCharCode(random.below(0x10000))}${text.slice(at + 1)}`;
  }
}
