import { type JsonObject, publishedParts, type Trusted } from "@tuf-das/core";
import type { PendingView, View } from "@tuf-das/store";

/**
 * Body of `GET /api/v1/metadata/sign`. `metadata` is RSTUF's and holds nothing of ours: what is pending by role,
 * and the trusted metadata that a signer's client compares it with. `data` is absent when nothing is pending;
 * its client crashes on a null.
 */
export function pendingListBody({ state, pending }: View) {
  if (pending.length === 0) return { message: "No metadata pending signing available" };
  const metadata: { [name: string]: JsonObject } = {};
  for (const ceremony of pending) metadata[ceremony.role] = publishedParts(ceremony.signed, ceremony.proven);
  const roles = new Set(pending.map((ceremony) => ceremony.role));
  addTrusted(metadata, "trusted_root", roles.has("root") ? state.trusted.get("root") : undefined);
  const needsTargets = pending.some((ceremony) => ceremony.signed.type === "targets");
  addTrusted(metadata, "trusted_targets", needsTargets ? state.trusted.get("targets") : undefined);
  return {
    data: {
      metadata,
      ceremonies: Object.fromEntries(pending.map((ceremony) => [ceremony.role, summary(ceremony)])),
    },
    message: "Metadata role(s) pending signing",
  };
}

function addTrusted(
  metadata: { [name: string]: JsonObject },
  name: string,
  trusted: Trusted | undefined,
): void {
  if (trusted) metadata[name] = publishedParts(trusted.signed, trusted.signatures);
}

function summary({ task, kind, signed, started, quorum, signedEarlier }: PendingView) {
  return {
    task_id: task,
    kind,
    digest: signed.digest,
    started,
    expires: signed.expires,
    quorum: { sides: quorum.sides, same_key: quorum.same_key },
    signed_earlier: signedEarlier,
  };
}
