import { sha256Hex } from "../metadata/digest.js";
import { publishedFile } from "../metadata/file.js";
import { isExpired } from "../metadata/instant.js";
import type { Cancelled, CeremonyEvent, Finalized, Recorded } from "./events.js";
import { type Evidence, isProven } from "./evidence.js";
import { evolve } from "./evolve.js";
import { followsTrustedVersion } from "./proposal-rules.js";
import { type Quorum, quorum } from "./quorum.js";
import { delegatorOf, prospectiveKeys, sidesOf } from "./sides.js";
import type { Ceremony, LedgerState } from "./state.js";

/** How far a pending ceremony is. */
export function quorumOf(ceremony: Ceremony, state: LedgerState, evidence: Evidence): Quorum {
  return quorum(sidesOf(state, ceremony.signed), ceremony.signed, ceremony.signatures.values(), evidence);
}

/**
 * What follows from an event in the same append: `Finalized` if it met the last threshold, and, since a new
 * delegator decides who may sign below it, the same question for every ceremony that is pending under it.
 */
export function finalizations(
  before: LedgerState,
  event: Recorded<CeremonyEvent>,
  evidence: Evidence,
): readonly Recorded<CeremonyEvent>[] {
  return consequences(evolve(before, event), event.data.role, event, evidence);
}

function consequences(
  state: LedgerState,
  role: string,
  cause: Recorded,
  evidence: Evidence,
): Recorded<CeremonyEvent>[] {
  const event = outcome(state, role, cause, evidence);
  if (event === undefined) return [];
  let current = evolve(state, event);
  const events: Recorded<CeremonyEvent>[] = [event];
  if (event.type === "Cancelled") return events;
  for (const below of [...current.pending.keys()]) {
    if (below === role || delegatorOf(below) !== role) continue;
    const more = consequences(current, below, cause, evidence);
    current = more.reduce(evolve, current);
    events.push(...more);
  }
  return events;
}

/** How a pending ceremony ends in this state, if it does. */
function outcome(
  state: LedgerState,
  role: string,
  cause: Recorded,
  evidence: Evidence,
): Recorded<Finalized | Cancelled> | undefined {
  const ceremony = state.pending.get(role);
  if (ceremony === undefined) return undefined;
  const { time, task, actor } = cause;
  if (sidesOf(state, ceremony.signed).length === 0) {
    const data = { role, digest: ceremony.signed.digest, reason: "its delegation was removed" };
    return { type: "Cancelled", data, time, task, actor };
  }
  const data = mayFinalize(ceremony, state, time, evidence);
  return data && { type: "Finalized", data, time, task, actor };
}

/**
 * The content of the `Finalized` that a pending ceremony has earned: every threshold met by evidence, the
 * version still the next one, not expired. `undefined` if it has not. Also how a stored `Finalized` is checked.
 */
export function mayFinalize(
  ceremony: Ceremony,
  state: LedgerState,
  now: string,
  evidence: Evidence,
): Finalized["data"] | undefined {
  const { signed, role } = ceremony;
  const { met, sides } = quorumOf(ceremony, state, evidence);
  if (!met || isExpired(signed.expires, now) || followsTrustedVersion({ signed }, state)) return undefined;
  const keyids: { [side: string]: readonly string[] } = {};
  for (const side of sides) keyids[side.name] = side.signed;
  const early = prospective(ceremony, state, evidence).filter(
    (keyid) => !Object.values(keyids).flat().includes(keyid),
  );
  if (early.length > 0) keyids.pending = early;
  const published = new Set(Object.values(keyids).flat());
  const signatures = [...ceremony.signatures.values()].filter(({ keyid }) => published.has(keyid));
  return {
    role,
    version: signed.version,
    digest: signed.digest,
    file: sha256Hex(publishedFile(signed, signatures)),
    keyids,
  };
}

function prospective(ceremony: Ceremony, state: LedgerState, evidence: Evidence): readonly string[] {
  const keys = prospectiveKeys(state, ceremony.role);
  return [...ceremony.signatures.values()].flatMap(({ keyid, sig }) => {
    const key = keys.get(keyid);
    return key && isProven(evidence, { signed: ceremony.signed, key, sig }) ? [keyid] : [];
  });
}
