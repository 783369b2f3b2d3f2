import type { Quorum } from "@tuf-das/core";

/** A quorum on one line: `trusted v1: 1 of 2, missing 1 · new v2: 2 of 1`. */
export function showQuorum(quorum: { sides: Quorum["sides"] } | null): string {
  if (quorum === null) return "-";
  return quorum.sides
    .map(({ name, version, threshold, signed, missing }) => {
      const counted = `${name} v${version}: ${signed.length} of ${threshold}`;
      return missing === 0 ? `${counted}, met` : `${counted}, ${missing} missing`;
    })
    .join(" · ");
}

/** A heading of the demo. */
export function step(title: string): void {
  console.log(`\n== ${title}`);
}
