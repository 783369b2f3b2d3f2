import { accept, type RefusalCode, type Result, refuse } from "../refusal.js";
import type { JsonValue } from "./value.js";

/** Nesting deeper than this is refused wherever JSON comes in. */
export const MAX_JSON_DEPTH = 64;

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const INTEGER = /^-?(?:0|[1-9][0-9]*)$/;

/**
 * Reads JSON text of unknown origin and refuses, instead of normalising, whatever two readers could
 * understand differently: invalid UTF-8, a byte order mark, duplicate member names (equal values too),
 * number tokens that are no safe integers in source form (`1.0`, `1e3`, `-0`, `2^53`), lone surrogates,
 * U+0000 in member names, members named `__proto__`, and nesting deeper than {@link MAX_JSON_DEPTH}.
 *
 * `JSON.parse` decides the grammar; one linear scan of the then valid text decides the rest. The time is
 * linear in the size of the input.
 *
 * @param input UTF-8 bytes, or text that was decoded before
 * @param maxDepth levels of nesting; a record of ours nests deeper than the input that it wraps
 * @example
 * parseJson('{"a": 1, "a": 1}'); // refused: json_duplicate_member
 */
export function parseJson(input: Uint8Array | string, maxDepth: number = MAX_JSON_DEPTH): Result<JsonValue> {
  let text: string;
  if (typeof input === "string") {
    text = input;
  } else {
    try {
      text = decoder.decode(input);
    } catch {
      return refuse("json_encoding", "The body is not valid UTF-8.");
    }
  }
  let value: JsonValue;
  try {
    value = JSON.parse(text) as JsonValue;
  } catch {
    return refuse("json_syntax", "The body is not valid JSON.");
  }
  const problem = scan(text, maxDepth);
  return problem === undefined ? accept(value) : refuse(problem, WHY[problem]);
}

type ScanProblem = Extract<
  RefusalCode,
  "json_depth" | "json_duplicate_member" | "json_forbidden_member" | "json_number" | "json_surrogate"
>;

const WHY: Record<ScanProblem, string> = {
  json_depth: "The JSON is nested too deeply.",
  json_duplicate_member: "A JSON object has the same member twice.",
  json_forbidden_member: "A JSON member is named __proto__ or contains U+0000.",
  json_number:
    "Numbers must be integers between -(2^53-1) and 2^53-1, written without fraction, exponent or -0.",
  json_surrogate: "A JSON string contains a lone surrogate.",
};

/** Walks text that `JSON.parse` has accepted, so it need not check the grammar again. */
function scan(text: string, maxDepth: number): ScanProblem | undefined {
  const open: (Set<string> | null)[] = [];
  let nameNext = false;
  for (let i = 0; i < text.length; ) {
    const c = text[i] as string;
    if (c === '"') {
      const end = stringEnd(text, i);
      const raw = text.slice(i, end);
      const decoded = raw.includes("\\") ? (JSON.parse(raw) as string) : raw.slice(1, -1);
      if (!decoded.isWellFormed()) return "json_surrogate";
      const names = open.at(-1);
      if (nameNext && names) {
        if (decoded === "__proto__" || decoded.includes("\0")) return "json_forbidden_member";
        if (names.has(decoded)) return "json_duplicate_member";
        names.add(decoded);
        nameNext = false;
      }
      i = end;
    } else if (c === "{" || c === "[") {
      if (open.length === maxDepth) return "json_depth";
      nameNext = c === "{";
      open.push(nameNext ? new Set() : null);
      i++;
    } else if (c === "}" || c === "]") {
      open.pop();
      nameNext = false;
      i++;
    } else if (c === ",") {
      nameNext = open.at(-1) instanceof Set;
      i++;
    } else if (c === "-" || (c >= "0" && c <= "9")) {
      let end = i + 1;
      while (end < text.length && "0123456789+-.eE".includes(text[end] as string)) end++;
      const token = text.slice(i, end);
      if (!INTEGER.test(token) || token === "-0" || !Number.isSafeInteger(Number(token)))
        return "json_number";
      i = end;
    } else {
      i++;
    }
  }
  return undefined;
}

function stringEnd(text: string, start: number): number {
  let i = start + 1;
  while (text[i] !== '"') i += text[i] === "\\" ? 2 : 1;
  return i + 1;
}

/**
 * Copies a value that a program handed over into plain JSON data of our own, so that it is read once and
 * nobody can change it any more. Refuses what {@link parseJson} would refuse in text, and what is no JSON at all
 * (class instances, accessors' `undefined`, functions, cycles).
 *
 * @param within how many levels of nesting will stand around the value in the file it is for
 */
export function copyJson(value: unknown, within: number = 0): Result<JsonValue> {
  try {
    return accept(copy(value, within));
  } catch (error) {
    if (error instanceof NotJson) return refuse(error.code, error.message);
    throw error;
  }
}

class NotJson extends Error {
  override readonly name = "NotJson";
  readonly code: ScanProblem | "malformed";
  constructor(code: ScanProblem | "malformed") {
    super(code === "malformed" ? "The value is not plain JSON data." : WHY[code]);
    this.code = code;
  }
}

function copy(value: unknown, depth: number): JsonValue {
  switch (typeof value) {
    case "boolean":
      return value;
    case "number":
      if (!Number.isSafeInteger(value) || Object.is(value, -0)) throw new NotJson("json_number");
      return value;
    case "string":
      if (!value.isWellFormed()) throw new NotJson("json_surrogate");
      return value;
    case "object":
      break;
    default:
      throw new NotJson("malformed");
  }
  if (value === null) return null;
  if (depth === MAX_JSON_DEPTH) throw new NotJson("json_depth");
  if (Array.isArray(value)) return Object.freeze(Array.from(value, (item) => copy(item, depth + 1)));
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) throw new NotJson("malformed");
  const result: { [name: string]: JsonValue } = {};
  for (const [name, item] of Object.entries(value)) {
    if (name === "__proto__" || name.includes("\0")) throw new NotJson("json_forbidden_member");
    if (!name.isWellFormed()) throw new NotJson("json_surrogate");
    result[name] = copy(item, depth + 1);
  }
  return Object.freeze(result);
}
