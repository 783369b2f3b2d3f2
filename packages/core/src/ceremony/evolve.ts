import type { PublicKey } from "../crypto/key.js";
import { readSignature } from "../metadata/signatures.js";
import { readSigned, type Signed } from "../metadata/signed.js";
import type { Result } from "../refusal.js";
import { reading } from "../shape.js";
import type {
  Cancelled,
  CeremonyEvent,
  Finalized,
  MetadataFile,
  Overridden,
  Recorded,
  SignatureAdded,
  Started,
} from "./events.js";
import { authorisedKeys } from "./sides.js";
import type { Bootstrap, Ceremony, LedgerState, StoredSignature } from "./state.js";

/** An event that cannot follow the state it is applied to: a damaged or forged history, or a bug. */
export class HistoryError extends Error {
  override readonly name = "HistoryError";
  readonly code = "impossible_event";
}

/**
 * The state after an event. Pure; takes stored signatures as stored, since only `Evidence` makes one count.
 *
 * @throws HistoryError if no sequence of commands could have led to the event in this state
 */
export function evolve(state: LedgerState, event: Recorded): LedgerState {
  switch (event.type) {
    case "Started":
      return started(state, event);
    case "SignatureAdded":
      return signatureAdded(state, event);
    case "Overridden":
      return overridden(state, event);
    case "Cancelled":
      return cancelled(state, event);
    case "Finalized":
      return finalized(state, event);
    case "SettingsChanged":
      return { ...state, settings: { value: event.data.settings, task: event.task } };
  }
}

function started(state: LedgerState, event: Recorded<Started>): LedgerState {
  const { role, kind, metadata, settings, digest } = event.data;
  if (state.pending.has(role)) throw new HistoryError(`${role} was started while it was pending`);
  if (state.bootstrap.state !== (kind === "bootstrap" ? "none" : "finished")) {
    throw new HistoryError(`${role} was started as ${kind} while the bootstrap was ${state.bootstrap.state}`);
  }
  const bootstrap: Bootstrap =
    kind === "bootstrap" ? { state: "signing", task: event.task } : state.bootstrap;
  const ceremony: Ceremony = {
    role,
    kind,
    task: event.task,
    started: event.time,
    ...proposed(role, metadata, digest, event),
    withdrawn: new Set(),
    settings,
  };
  return remember(ceremony.signed, {
    ...state,
    bootstrap,
    pending: withEntry(state.pending, role, ceremony),
  });
}

function signatureAdded(state: LedgerState, event: Recorded<SignatureAdded>): LedgerState {
  const ceremony = pendingOf(state, event);
  const signature = stored(event.data.signature, event);
  // The last signature of a key id is the one that stands; order is that of acceptance.
  const signatures = new Map(ceremony.signatures);
  signatures.delete(signature.keyid);
  signatures.set(signature.keyid, signature);
  return { ...state, pending: withEntry(state.pending, ceremony.role, { ...ceremony, signatures }) };
}

function overridden(state: LedgerState, event: Recorded<Overridden>): LedgerState {
  const { role, metadata, replaced, digest, settings } = event.data;
  const ceremony = pendingOf(state, { ...event, data: { role, digest: replaced } });
  const next: Ceremony = {
    ...ceremony,
    ...proposed(role, metadata, digest, event),
    withdrawn: new Set([...ceremony.withdrawn, replaced]),
    settings: settings ?? ceremony.settings,
  };
  return remember(next.signed, {
    ...withEarlier(state, ceremony),
    pending: withEntry(state.pending, role, next),
  });
}

/** A root says in its bytes that it is one; only targets metadata can be mistaken for another role's. */
function remember(signed: Signed, state: LedgerState): LedgerState {
  if (signed.type === "root") return state;
  const owner = state.roleOfDigest.get(signed.digest);
  if (owner !== undefined && owner !== signed.role) {
    throw new HistoryError(`metadata of ${owner} was proposed for ${signed.role}`);
  }
  return { ...state, roleOfDigest: withEntry(state.roleOfDigest, signed.digest, signed.role) };
}

function cancelled(state: LedgerState, event: Recorded<Cancelled>): LedgerState {
  const ceremony = pendingOf(state, event);
  const bootstrap: Bootstrap = ceremony.kind === "bootstrap" ? { state: "none" } : state.bootstrap;
  return { ...withEarlier(state, ceremony), bootstrap, pending: withoutEntry(state.pending, ceremony.role) };
}

function withEarlier(state: LedgerState, { role, signed, signatures }: Ceremony): LedgerState {
  const ofRole = state.earlier.get(role) ?? new Map<string, ReadonlySet<string>>();
  const keyids = new Set([...(ofRole.get(signed.digest) ?? []), ...signatures.keys()]);
  return { ...state, earlier: withEntry(state.earlier, role, withEntry(ofRole, signed.digest, keyids)) };
}

function finalized(state: LedgerState, event: Recorded<Finalized>): LedgerState {
  const ceremony = pendingOf(state, event);
  const published = new Set(Object.values(event.data.keyids).flat());
  const authorised = new Map<string, PublicKey>();
  for (const [keyid, keys] of authorisedKeys(state, ceremony.signed)) {
    if (keys[0] !== undefined) authorised.set(keyid, keys[0]);
  }
  const trusted = {
    role: ceremony.role,
    signed: ceremony.signed,
    signatures: [...ceremony.signatures.values()].filter((signature) => published.has(signature.keyid)),
    authorised,
    finalized: event.time,
    task: ceremony.task,
  };
  return {
    ...state,
    bootstrap: ceremony.kind === "bootstrap" ? { state: "finished", task: ceremony.task } : state.bootstrap,
    trusted: withEntry(state.trusted, ceremony.role, trusted),
    pending: withoutEntry(state.pending, ceremony.role),
    earlier: withoutEntry(state.earlier, ceremony.role),
    settings: ceremony.settings ? { value: ceremony.settings, task: ceremony.task } : state.settings,
  };
}

/** The ceremony an event speaks of; the digest in the event must be that of its metadata. */
function pendingOf(
  state: LedgerState,
  event: { type: string; data: { role: string; digest: string } },
): Ceremony {
  const { role, digest } = event.data;
  const ceremony = state.pending.get(role);
  if (ceremony?.signed.digest !== digest) {
    throw new HistoryError(`${event.type} of ${role} speaks of metadata that is not pending`);
  }
  return ceremony;
}

function proposed(
  role: string,
  metadata: MetadataFile,
  digest: string,
  event: Recorded<CeremonyEvent>,
): { signed: Signed; proposedBy: string; signatures: ReadonlyMap<string, StoredSignature> } {
  const signed = unwrap(readSigned(metadata.signed, role, ["metadata", "signed"]), event);
  if (signed.digest !== digest)
    throw new HistoryError(`${event.type} of ${role} has another digest than its metadata`);
  const signatures = metadata.signatures.map((raw) => stored(raw, event));
  return {
    signed,
    proposedBy: event.task,
    signatures: new Map(signatures.map((signature) => [signature.keyid, signature])),
  };
}

function stored(raw: MetadataFile["signatures"][number], event: Recorded<CeremonyEvent>): StoredSignature {
  const signature = unwrap(
    reading(() => readSignature(raw, ["signature"])),
    event,
  );
  return { ...signature, task: event.task, time: event.time, actor: event.actor };
}

function unwrap<T>(result: Result<T>, event: Recorded<CeremonyEvent>): T {
  if (result.ok) return result.value;
  throw new HistoryError(`${event.type} of ${event.data.role}: ${result.refusal.message}`);
}

function withEntry<V>(map: ReadonlyMap<string, V>, name: string, value: V): ReadonlyMap<string, V> {
  return new Map(map).set(name, value);
}

function withoutEntry<V>(map: ReadonlyMap<string, V>, name: string): ReadonlyMap<string, V> {
  const copy = new Map(map);
  copy.delete(name);
  return copy;
}
