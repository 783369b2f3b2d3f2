import type { CeremonyKind, EventType } from "../ceremony/events.js";
import type { Instant } from "../metadata/instant.js";
import type { Step } from "./ledger.js";

/** What a command did. It is done when it is known: there are no unfinished tasks. */
export interface Task {
  readonly task: string;
  /** The event that the command caused first. */
  readonly event: Exclude<EventType, "Finalized">;
  readonly role: string;
  readonly version: number;
  readonly kind: CeremonyKind;
  /** Id of the ceremony: the task that started it. */
  readonly ceremony: string;
  /** Digest of the `signed` that it was about. */
  readonly digest: string;
  /** Digest of what an override replaced. */
  readonly replaced: string | null;
  /** Whether the command finalized the role. */
  readonly finalized: boolean;
  readonly time: Instant;
}

/** Notes what a step says about its command. Idempotent: the same step may be noted again. */
export function noteTask(tasks: Map<string, Task>, { before, record, after }: Step): void {
  const { role } = record.data;
  const known = tasks.get(record.task);
  if (record.type === "Finalized") {
    if (known?.role === role) tasks.set(record.task, { ...known, finalized: true });
    return;
  }
  if (known !== undefined) return;
  const ceremony = (record.type === "Cancelled" ? before : after).state.pending.get(role);
  if (ceremony === undefined) return;
  tasks.set(record.task, {
    task: record.task,
    event: record.type,
    role,
    version: ceremony.signed.version,
    kind: ceremony.kind,
    ceremony: ceremony.task,
    digest: record.data.digest,
    replaced: record.type === "Overridden" ? record.data.replaced : null,
    finalized: false,
    time: record.time,
  });
}
