import { createMemoryStore } from "./memory.js";
import { testEventStore } from "./testing/event-store-contract.js";

testEventStore({ name: "memory", create: async () => createMemoryStore() });
