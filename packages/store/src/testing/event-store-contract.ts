import { afterEach, beforeEach, describe } from "vitest";
import type { EventStore } from "../event-store.js";
import { testAppending } from "./contract-appending.js";
import { testArguments } from "./contract-arguments.js";
import { testLifetime } from "./contract-lifetime.js";
import { testReading } from "./contract-reading.js";

/** What the contract suite needs to know of an adapter. */
export interface EventStoreContractOptions {
  /** Title of the suite. */
  readonly name: string;
  /** Opens an empty store which no other test uses. The suite closes it. */
  create(): Promise<EventStore>;
  /** Closes a store and opens what it kept. Left out for a store that keeps nothing. */
  reopen?(store: EventStore): Promise<EventStore>;
  /** Whether a conflict may leave the current revision out (`null`). Default: `false`. */
  readonly mayOmitRevision?: boolean;
}

/** The means a part of the suite works with. */
export interface ContractContext {
  /** The store of the running test. */
  store(): EventStore;
  readonly options: EventStoreContractOptions;
}

/**
 * Registers the vitest suite that every event store has to pass: it is the port's definition in tests. It
 * waits for nothing but the store's own promises.
 *
 * @example
 * testEventStore({ name: "memory", create: async () => createMemoryStore() });
 */
export function testEventStore(options: EventStoreContractOptions): void {
  describe(`event store contract: ${options.name}`, () => {
    let store: EventStore;
    const context: ContractContext = { store: () => store, options };
    beforeEach(async () => {
      store = await options.create();
    });
    afterEach(async () => {
      await store.close();
    });
    describe("appending", () => testAppending(context));
    describe("reading", () => testReading(context));
    describe("arguments", () => testArguments(context));
    describe("lifetime", () => testLifetime(context));
  });
}
