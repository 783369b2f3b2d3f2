export { claimsOf, claimsOfPending } from "./ceremony/claims.js";
export type {
  AddSignature,
  Cancel,
  ChangeSettings,
  Command,
  CommandBody,
  CommandContext,
  Override,
  StartBootstrap,
  StartUpdate,
} from "./ceremony/commands.js";
export { type Decision, decide, refusedUnverified } from "./ceremony/decide.js";
export { MAX_EXPIRATION_DAYS } from "./ceremony/decide-settings.js";
export type {
  Cancelled,
  CeremonyEvent,
  CeremonyKind,
  EventType,
  Finalized,
  LedgerEvent,
  MetadataFile,
  Overridden,
  Recorded,
  SettingsChanged,
  SignatureAdded,
  Started,
} from "./ceremony/events.js";
export { type Claim, Evidence, isProven, unverified, verifyClaims } from "./ceremony/evidence.js";
export { evolve, HistoryError } from "./ceremony/evolve.js";
export { mayFinalize, quorumOf } from "./ceremony/finalize.js";
export { provenSignatures, signedEarlier } from "./ceremony/proven.js";
export { type Quorum, type QuorumSide, quorum } from "./ceremony/quorum.js";
export { type Side, type SideName, sidesOf } from "./ceremony/sides.js";
export {
  type Bootstrap,
  type Ceremony,
  initialState,
  type LedgerState,
  type StoredSignature,
  type Trusted,
} from "./ceremony/state.js";
export { importKey, type PublicKey } from "./crypto/key.js";
export { createPortableVerifier } from "./crypto/portable-verifier.js";
export { decodeSignature } from "./crypto/signature.js";
export type { Verifier } from "./crypto/verifier.js";
export { canonicalBytes, canonicalize } from "./json/canonical.js";
export { copyJson, MAX_JSON_DEPTH, parseJson } from "./json/strict.js";
export { isJsonObject, type JsonObject, type JsonValue, member } from "./json/value.js";
export { emptyLedger, type Ledger, readNext, type Step, writeNext } from "./ledger/ledger.js";
export {
  decodeRecord,
  encodeRecord,
  type LedgerRecord,
  leafHash,
  RECORD_VERSION,
  RecordError,
} from "./ledger/record.js";
export { type Checking, replay } from "./ledger/replay.js";
export { type CeremonyTask, noteTask, type SettingsTask, type Task } from "./ledger/tasks.js";
export { type TimelineEntry, timeline } from "./ledger/timeline.js";
export { sha256Hex } from "./metadata/digest.js";
export { publishedFile, publishedParts } from "./metadata/file.js";
export { type Instant, isExpired, toInstant } from "./metadata/instant.js";
export { type Proposal, parseProposal } from "./metadata/proposal.js";
export type { RoleKeys } from "./metadata/role-keys.js";
export { ceremonyType, delegatedNameProblem, type MetadataType } from "./metadata/role-name.js";
export { parseSignature, type Signature } from "./metadata/signatures.js";
export { MAX_FILE_BYTES, type Signed } from "./metadata/signed.js";
export { accept, type Refusal, type RefusalCode, type Result, refuse } from "./refusal.js";
export { type Change, diffSigned } from "./review/diff.js";
