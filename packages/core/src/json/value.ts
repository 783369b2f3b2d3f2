/** Any JSON value. */
export type JsonValue = null | boolean | number | string | readonly JsonValue[] | JsonObject;

/** A JSON object. Its members keep the order in which they were received (integer-like names excepted, by ECMAScript's rule). */
export interface JsonObject {
  readonly [name: string]: JsonValue;
}

/** True for an object that is neither `null` nor an array. */
export function isJsonObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Reads an own member; inherited names such as `constructor` are never found. */
export function member(object: JsonObject, name: string): JsonValue | undefined {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}
