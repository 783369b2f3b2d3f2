export {
  type AppendResult,
  type EventStore,
  StoreCorruptError,
  type StoredRecord,
  StoreUnavailableError,
} from "./event-store.js";
export { createMemoryStore } from "./memory.js";
export { createNodeVerifier } from "./node-verifier.js";
export { openStore } from "./open-store.js";
export {
  type Accepted,
  createService,
  type PendingView,
  type Service,
  type ServiceOptions,
  type View,
} from "./service/service.js";
export { openSqliteStore } from "./sqlite.js";
