import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "vitest";

const repository = join(import.meta.dirname, "../..");

/** Something real that tests need and that a plain installation does not have. */
interface RealPart {
  /** What is missing and how to get it, or `undefined` if it is there. */
  missing(): string | undefined;
}

const PARTS = {
  python: {
    missing() {
      const wanted = readFileSync(join(import.meta.dirname, "requirements.txt"), "utf8");
      return readIfThere(join(repository, ".interop/python/requirements.txt")) === wanted
        ? undefined
        : "the Python environment is missing or old: npm run setup:interop";
    },
  },
  curl: {
    missing: () => (spawnSync("curl", ["--version"]).status === 0 ? undefined : "curl is not installed"),
  },
} as const satisfies { readonly [name: string]: RealPart };

/** Names of the parts. */
export type PartName = keyof typeof PARTS;

/** `TUF_DAS_REQUIRE` names the parts (with commas between) without which a test run has failed. */
const required = new Set(
  (process.env.TUF_DAS_REQUIRE ?? "")
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== ""),
);
for (const name of required) {
  if (!Object.hasOwn(PARTS, name)) throw new Error(`TUF_DAS_REQUIRE names an unknown part: ${name}`);
}

/** Whether a part is there, or what is missing. */
export function realPart(name: PartName): {
  readonly missing: string | undefined;
  readonly required: boolean;
} {
  return { missing: PARTS[name].missing(), required: required.has(name) };
}

/**
 * `describe` for tests that need a part. Where it is missing they are skipped under a title that says so, or
 * one test fails if the part is required.
 */
export function describeWith(name: PartName, title: string, suite: () => void): void {
  const part = realPart(name);
  if (part.missing === undefined) describe(title, suite);
  else if (!part.required) {
    // Vitest's default reporter shows that tests were skipped, but no titles of them.
    console.warn(`skipped: ${title}: ${part.missing}`);
    describe.skip(`${title} [skipped: ${part.missing}]`, suite);
  } else {
    describe(title, () => {
      test(`needs ${name}`, () => {
        throw new Error(part.missing);
      });
    });
  }
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}
