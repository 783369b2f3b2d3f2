import type { CeremonyEvent, CeremonyKind } from "../ceremony/events.js";
import type { Instant } from "../metadata/instant.js";
import type { Step } from "./ledger.js";

/** What a command did. It is done when it is known: there are no unfinished tasks. */
export type Task = CeremonyTask | SettingsTask;

/** What a command did to a ceremony. */
export interface CeremonyTask {
  readonly task: string;
  /** The event that the command caused first. */
  readonly event: Exclude<CeremonyEvent["type"], "Finalized">;
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

/** A command that changed settings. */
export interface SettingsTask {
  readonly task: string;
  readonly event: "SettingsChanged";
  /** Roles whose settings are others than before. */
  readonly changed: readonly string[];
  readonly time: Instant;
}

/** Notes what a step says about its command. Idempotent: the same step may be noted again. */
export function noteTask(tasks: Map<string, Task>, { before, record, after }: Step): void {
  const { task, time } = record;
  const known = tasks.get(task);
  if (record.type === "Finalized") {
    if (known && known.event !== "SettingsChanged" && known.role === record.data.role) {
      tasks.set(task, { ...known, finalized: true });
    }
    return;
  }
  if (known !== undefined) return;
  if (record.type === "SettingsChanged") {
    tasks.set(task, { task, event: record.type, changed: record.data.changed, time });
    return;
  }
  const { role, digest } = record.data;
  const ceremony = (record.type === "Cancelled" ? before : after).state.pending.get(role);
  if (ceremony === undefined) return;
  tasks.set(task, {
    task,
    event: record.type,
    role,
    version: ceremony.signed.version,
    kind: ceremony.kind,
    ceremony: ceremony.task,
    digest,
    replaced: record.type === "Overridden" ? record.data.replaced : null,
    finalized: false,
    time,
  });
}
