import { claimsOfPending } from "../ceremony/claims.js";
import type { Finalized } from "../ceremony/events.js";
import { type Evidence, verifyClaims } from "../ceremony/evidence.js";
import { HistoryError } from "../ceremony/evolve.js";
import { mayFinalize } from "../ceremony/finalize.js";
import type { Verifier } from "../crypto/verifier.js";
import { emptyLedger, type Ledger, readNext, type Step } from "./ledger.js";

/** What checking signatures needs. */
export interface Checking {
  readonly verifier: Verifier;
  readonly evidence: Evidence;
}

/**
 * Goes through stored records in order and yields what each one changes. A stored `Finalized` is not
 * believed: the signatures of its ceremony are verified and counted again, and what follows must be the
 * same, to the digest of the published file.
 *
 * @param records the records after `from`, exactly as stored
 * @throws RecordError, HistoryError at the first record that is not right
 * @example
 * for await (const { record, after } of replay(records, { verifier, evidence: new Evidence() })) {
 *   console.log(record.seq, record.type, [...after.state.pending.keys()]);
 * }
 */
export async function* replay(
  records: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  checking: Checking,
  from: Ledger = emptyLedger,
): AsyncGenerator<Step, void, undefined> {
  let ledger = from;
  for await (const bytes of records) {
    const step = readNext(ledger, bytes);
    if (step.record.type === "Finalized") await checkFinalized(ledger, step.record, checking);
    ledger = step.after;
    yield step;
  }
}

async function checkFinalized(
  ledger: Ledger,
  { data, time, seq }: Finalized & { time: string; seq: number },
  { evidence, verifier }: Checking,
): Promise<void> {
  const ceremony = ledger.state.pending.get(data.role);
  await verifyClaims(evidence, claimsOfPending(data.role, ledger.state), verifier);
  const earned = ceremony && mayFinalize(ceremony, ledger.state, time, evidence);
  if (JSON.stringify(earned) !== JSON.stringify(data)) {
    throw new HistoryError(`record ${seq}: ${data.role} was not entitled to be finalized as recorded`);
  }
}
