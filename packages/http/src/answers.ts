import type { CeremonyTask, Task } from "@tuf-das/core";
import type { Accepted } from "@tuf-das/store";

/** The message of a 202, word for word as RSTUF's client expects it. */
export const ACCEPTED = {
  bootstrap: "Bootstrap accepted.",
  update: "Metadata update accepted.",
  sign: "Metadata sign accepted.",
  override: "Metadata override accepted.",
  cancel: "Metadata sign delete accepted.",
  settings: "Settings successfully submitted.",
} as const;

/** Body of a 202: the work is done already, and `task_id` tells its outcome. */
export function acceptedBody({ task, duplicate }: Accepted, message: string, now: string) {
  return {
    data: { task_id: task, last_update: now, ...(duplicate ? { details: { duplicate } } : {}) },
    message,
  };
}

/** Body of `GET /api/v1/task`, with RSTUF's names and texts. A task that is known has succeeded. */
export function taskBody(task: Task) {
  return {
    data: {
      task_id: task.task,
      state: "SUCCESS",
      result: { ...result(task), status: true, last_update: task.time },
    },
    message: "Task state.",
  };
}

function result(task: Task) {
  if (task.event === "SettingsChanged") {
    return {
      task: "update_settings",
      message: "Update Settings Succeded",
      details: { updated_roles: task.changed, invalid_roles: [] },
    };
  }
  const { role, version, digest, replaced } = task;
  const label = role === "root" ? `Root v${version}` : `${role} v${version}`;
  switch (task.event) {
    case "Started":
      if (task.kind === "bootstrap") {
        const state = task.finalized ? `Bootstrap finished ${task.task}` : `${label} is pending signature`;
        return { task: "bootstrap", message: "Bootstrap Processed", details: { bootstrap: state } };
      }
      return {
        task: "metadata_update",
        message: "Metadata Update Processed",
        details: { role, ...(task.finalized ? {} : { update: `${label} is pending signatures` }) },
      };
    case "SignatureAdded":
      return { task: "sign_metadata", message: "Signature Processed", details: signDetails(task, label) };
    case "Overridden":
      return {
        task: "override_metadata",
        message: "Override Processed",
        details: { role, digest, replaced },
      };
    case "Cancelled":
      return {
        task: "delete_sign_metadata",
        message: `Deletion of ${role} metadata successful, signing process stopped`,
        ...(task.kind === "bootstrap"
          ? { details: { bootstrap: "Bootstrap process has been stopped" } }
          : {}),
      };
  }
}

function signDetails(task: CeremonyTask, label: string) {
  if (task.kind === "bootstrap") {
    return { bootstrap: task.finalized ? "Bootstrap Finished" : `${label} is pending signatures` };
  }
  if (!task.finalized) return { update: `${label} is pending signatures` };
  return { update: task.role === "root" ? "Metadata update finished" : `Role ${task.role} signing complete` };
}
