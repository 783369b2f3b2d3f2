import { isJsonObject, type JsonObject, type JsonValue } from "./json/value.js";
import { accept, type RefusalCode, type Result, refuse } from "./refusal.js";

/** Where a value stands in what is being read: `["signed", "roles", "root"]`. */
export type Path = readonly (string | number)[];

/** Ends the reading of a value; {@link reading} turns it into a refusal. Never leaves this package. */
class ShapeError extends Error {
  override readonly name = "ShapeError";
  readonly code: RefusalCode;
  readonly path: Path;
  constructor(code: RefusalCode, path: Path, message: string) {
    super(message);
    this.code = code;
    this.path = path;
  }
}

/** Runs a reader and turns the first thing that it objects to into a refusal with the member's path. */
export function reading<T>(read: () => T): Result<T> {
  try {
    return accept(read());
  } catch (error) {
    if (!(error instanceof ShapeError)) throw error;
    const field = showPath(error.path);
    const subject = field === "" ? "The value" : field;
    return refuse(error.code, `${subject} ${error.message}.`, field === "" ? {} : { field });
  }
}

/** Stops the current {@link reading}. `message` goes on after the path: "must be a string". */
export function objectTo(path: Path, message: string, code: RefusalCode = "malformed"): never {
  throw new ShapeError(code, path, message);
}

/**
 * A path for people. Names that the sender chose are shown only where they look like a key id or a role
 * name; everything else becomes `*`, so that no refusal echoes its input.
 */
export function showPath(path: Path): string {
  return path
    .map((step) => (typeof step === "number" ? `[${step}]` : `.${/^[\w-]{1,64}$/.test(step) ? step : "*"}`))
    .join("")
    .replace(/^\./, "");
}

export function readObject(value: JsonValue | undefined, path: Path): JsonObject {
  if (value === undefined) objectTo(path, "is missing");
  if (!isJsonObject(value)) objectTo(path, "must be an object");
  return value;
}

export function readArray(value: JsonValue | undefined, path: Path): readonly JsonValue[] {
  if (value === undefined) objectTo(path, "is missing");
  if (!Array.isArray(value)) objectTo(path, "must be an array");
  return value;
}

export function readString(value: JsonValue | undefined, path: Path): string {
  if (value === undefined) objectTo(path, "is missing");
  if (typeof value !== "string") objectTo(path, "must be a string");
  return value;
}

export function readName(value: JsonValue | undefined, path: Path): string {
  const text = readString(value, path);
  if (text === "") objectTo(path, "must not be empty");
  if (text.length > MAX_NAME) objectTo(path, `must not be longer than ${MAX_NAME} characters`);
  return text;
}

export function readInteger(value: JsonValue | undefined, path: Path, least: number): number {
  if (value === undefined) objectTo(path, "is missing");
  if (typeof value !== "number" || !Number.isSafeInteger(value)) objectTo(path, "must be an integer");
  if (value < least) objectTo(path, `must be at least ${least}`);
  return value;
}

export function readBoolean(value: JsonValue | undefined, path: Path): boolean {
  if (value === undefined) objectTo(path, "is missing");
  if (typeof value !== "boolean") objectTo(path, "must be true or false");
  return value;
}

/** Key ids and other opaque names are bounded, so that they can be shown and indexed. */
const MAX_NAME = 256;
