/** What kind of metadata a role has. */
export type MetadataType = "root" | "targets";

const NAME = /^[A-Za-z0-9_-](?:\.?[A-Za-z0-9_-])*$/;
const TOP_LEVEL: ReadonlySet<string> = new Set(["root", "targets", "snapshot", "timestamp"]);
const MAX_ROLE_NAME = 200;

/**
 * What is wrong with a name for a delegated role, or `undefined`. Names become file names and URLs, so:
 * letters, digits, `_`, `-` and single inner dots, at most 200 bytes; not a top-level role; not `N.…` (it
 * would read as a version); not `trusted_…` (RSTUF's pending list uses the prefix). Compared exactly.
 */
export function delegatedNameProblem(name: string): string | undefined {
  if (name.length > MAX_ROLE_NAME) return `must not be longer than ${MAX_ROLE_NAME} characters`;
  if (!NAME.test(name)) return "must consist of letters, digits, _, - and single inner dots";
  if (name === "__proto__") return "must not be __proto__";
  if (TOP_LEVEL.has(name)) return "must not be the name of a top-level role";
  if (/^\d+\./.test(name)) return "must not begin with a number and a dot";
  if (name.startsWith("trusted_")) return "must not begin with trusted_";
  return undefined;
}

/** The type of metadata that a ceremony for `role` signs, or `undefined` if the role can have none. */
export function ceremonyType(role: string): MetadataType | undefined {
  if (role === "root") return "root";
  if (role === "targets") return "targets";
  return delegatedNameProblem(role) === undefined ? "targets" : undefined;
}
