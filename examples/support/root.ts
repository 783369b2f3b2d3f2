import type { JsonObject } from "@tuf-das/core";
import type { Holder } from "./holder.js";

/** Makes the `signed` part of a root: who may sign the next one, and the online key for everything else. */
export function rootSigned(parts: {
  version: number;
  expires: string;
  holders: readonly Holder[];
  threshold: number;
  online: Holder;
}): JsonObject {
  const { version, expires, holders, threshold, online } = parts;
  const onlineRole = { keyids: [online.keyid], threshold: 1 };
  return {
    _type: "root",
    consistent_snapshot: true,
    expires,
    keys: Object.fromEntries([...holders, online].map((holder) => [holder.keyid, holder.key])),
    roles: {
      root: { keyids: holders.map((holder) => holder.keyid), threshold },
      snapshot: onlineRole,
      targets: onlineRole,
      timestamp: onlineRole,
    },
    spec_version: "1.0.31",
    version,
  };
}
