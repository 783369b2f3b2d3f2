import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Recorded, Started } from "../ceremony/events.js";
import { HistoryError } from "../ceremony/evolve.js";
import type { JsonObject, JsonValue } from "../json/value.js";
import { commands, given, rootSigned, signedFile, testSigner } from "../testing/index.js";
import { emptyLedger, type Ledger, readNext, writeNext } from "./ledger.js";
import { decodeRecord, encodeRecord, leafHash, RecordError } from "./record.js";

const alice = testSigner("alice");
const bob = testSigner("bob");
const online = testSigner("online");
const a = rootSigned({ signers: [alice, bob], threshold: 2, online });
const b = rootSigned({
  signers: [alice, bob],
  threshold: 2,
  online,
  more: { "x-ü\n\u{10000}": [null, "\u0000"] },
});

/** Every type of event once. */
const scenario = await given(
  { ...commands.bootstrap(signedFile(a, alice)), settings: { x: null } },
  commands.cancel("root", null, 'a "reason"\nover two lines \u2028'),
  commands.bootstrap(signedFile(a, alice)),
  commands.override(signedFile(b, bob), { settings: { y: [] }, reason: "ä" }),
  commands.sign({ bundle: {}, ...alice.sign(b) }),
);
const records = scenario.records();
const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
const bytes = (value: string) => new TextEncoder().encode(value);

describe("a record", () => {
  it("comes back as it was written, of every type", () => {
    expect(new Set(scenario.history.map((event) => event.type)).size).toBe(5);
    let ledger: Ledger = emptyLedger;
    for (const [seq, record] of records.entries()) {
      const step = readNext(ledger, record);
      expect(step.record).toMatchObject({ ...scenario.history[seq], v: 1, ledger: "ledger-1", seq });
      expect(encodeRecord(step.record, step.record).bytes).toEqual(record);
      ledger = step.after;
    }
    expect(ledger.state.trusted.get("root")?.signed.digest).toBe(
      scenario.state.trusted.get("root")?.signed.digest,
    );
  });

  it("has its members in the order that is documented", () => {
    const members = ["v", "ledger", "seq", "prev", "id", "type", "time", "actor", "task", "data"];
    for (const record of records) expect(Object.keys(JSON.parse(text(record)))).toEqual(members);
  });

  it("is linked to the one before it", () => {
    for (const [seq, record] of records.entries()) {
      const { prev } = JSON.parse(text(record)) as { prev: string | null };
      const before = records[seq - 1];
      expect(prev).toBe(before ? Buffer.from(leafHash(before)).toString("base64") : null);
    }
  });

  it("does not survive any change of one byte", () => {
    for (const [seq, record] of records.entries()) {
      const changed = Uint8Array.from(record);
      for (let at = 0; at < record.length; at++) {
        for (const mask of [0x01, 0x20, 0x80]) {
          changed[at] = (record[at] as number) ^ mask;
          expect(() => decodeRecord(changed, seq), `byte ${at} of record ${seq}`).toThrow(RecordError);
        }
        changed[at] = record[at] as number;
      }
      expect(decodeRecord(changed, seq).seq).toBe(seq);
    }
  });

  it("does not survive being cut, prolonged, or written otherwise", () => {
    const record = records[0] as Uint8Array;
    const spaced = text(record).replace(",", ", ");
    const others = [
      record.subarray(1),
      record.subarray(0, -1),
      new Uint8Array([...record, 0x0a]),
      new Uint8Array([0xef, 0xbb, 0xbf, ...record]),
      new Uint8Array(),
      bytes(spaced),
      bytes(JSON.stringify(JSON.parse(text(record)), null, 1)),
      bytes(text(record).replace('"actor":null', '"actor":null,"more":1')),
      bytes("null"),
      bytes("[]"),
      bytes("{}"),
    ];
    for (const other of others) expect(() => decodeRecord(other, 0)).toThrow(RecordError);
  });

  it("of another version or with an unknown event is refused by name", () => {
    const changed = (more: JsonObject) =>
      bytes(JSON.stringify({ ...(JSON.parse(text(records[0] as Uint8Array)) as JsonObject), ...more }));
    expect(() => decodeRecord(changed({ v: 2 }), 0)).toThrow(
      "record 0: v is 2; this program reads version 1",
    );
    for (const v of [0, -1, "1", null, true])
      expect(() => decodeRecord(changed({ v }), 0)).toThrow(/^record 0: v /);
    expect(() => decodeRecord(changed({ type: "Teleported" }), 0)).toThrow("Teleported");
    expect(() => decodeRecord(changed({ type: "toString" }), 0)).toThrow("toString, an event this program");
    expect(() => decodeRecord(changed({ type: "<script>" }), 0)).toThrow("unprintable");
    expect(() => decodeRecord(changed({ type: "<script>" }), 0)).not.toThrow("script");
  });

  const wrong: [
    string,
    (record: { [name: string]: JsonValue }, data: { [name: string]: JsonValue }) => void,
  ][] = [
    ["no ledger", (record) => delete record.ledger],
    ["an empty ledger", (record) => (record.ledger = "")],
    ["a negative place", (record) => (record.seq = -1)],
    ["no instant", (record) => (record.time = "2025-01-01T00:00:00Z")],
    ["no real instant", (record) => (record.time = "2025-02-30T00:00:00.000Z")],
    ["an empty actor", (record) => (record.actor = "")],
    ["no task", (record) => delete record.task],
    ["no data", (record) => delete record.data],
    ["a digest in upper case", (_, data) => (data.digest = String(data.digest).toUpperCase())],
    ["a short digest", (_, data) => (data.digest = "00")],
    ["another kind", (_, data) => (data.kind = "delegation")],
    ["no signatures", (_, data) => delete (data.metadata as { signatures?: unknown }).signatures],
    ["settings that are a list", (_, data) => (data.settings = [])],
    ["no settings", (_, data) => delete data.settings],
    ["another member", (_, data) => (data.more = 1)],
  ];
  it.each(wrong)("with %s is refused, even with the right id", (_why, change) => {
    const record = JSON.parse(text(records[0] as Uint8Array));
    change(record, record.data ?? {});
    const forged = encodeRecord(record, record).bytes;
    expect(() => decodeRecord(forged, 0)).toThrow(RecordError);
  });

  it("that cannot be read back is never written", () => {
    const event = scenario.history[0] as Recorded;
    const unreadable: [string, Recorded][] = [
      ["an empty actor", { ...event, actor: "" }],
      ["an actor without end", { ...event, actor: "a".repeat(257) }],
      ["a task without end", { ...event, task: "t".repeat(257) }],
      ["an instant of another form", { ...event, time: "2025-01-01T00:00:00Z" }],
      ["a lone surrogate", { ...event, actor: "\ud800" }],
      ["a fraction", { ...event, data: { ...event.data, settings: { x: 1.5 } } } as Recorded],
    ];
    for (const [why, bad] of unreadable) {
      expect(() => readNext(emptyLedger, writeNext(emptyLedger, event, "ledger-1").bytes)).not.toThrow();
      expect(() => writeNext(emptyLedger, bad, "ledger-1"), why).toThrow();
    }
  });

  it("takes whatever a signature, settings and a reason may hold", () => {
    const json = fc
      .jsonValue({ maxDepth: 5, stringUnit: "binary" })
      .filter((value) => isPlain(value as JsonValue));
    fc.assert(
      fc.property(json, fc.string({ unit: "grapheme" }), (value, reason) => {
        const settings = { value } as JsonObject;
        const event = {
          ...(scenario.history[2] as Recorded),
          data: { ...scenario.history[0]?.data, settings },
        };
        const { bytes } = writeNext(emptyLedger, event as Recorded, "l");
        expect(readNext(emptyLedger, bytes).record.data).toEqual(event.data);
        const cancel = encodeRecord(
          {
            type: "Cancelled",
            data: { role: "root", digest: "0".repeat(64), reason },
            time: "2025-01-01T00:00:00.000Z",
            task: "t",
            actor: null,
          },
          { ledger: "l", seq: 0, prev: null },
        );
        expect(decodeRecord(cancel.bytes, 0).data).toMatchObject({ reason });
      }),
      { numRuns: 200 },
    );
  });
});

/** What the strict parser lets in. */
function isPlain(value: JsonValue): boolean {
  if (typeof value === "number") return Number.isSafeInteger(value) && !Object.is(value, -0);
  if (typeof value === "string") return value.isWellFormed();
  if (value === null || typeof value !== "object") return true;
  if (Array.isArray(value)) return value.every(isPlain);
  return Object.entries(value).every(
    ([name, item]) => name !== "__proto__" && !name.includes("\0") && name.isWellFormed() && isPlain(item),
  );
}

describe("a ledger", () => {
  const read = (list: readonly Uint8Array[]) =>
    list.reduce<Ledger>((ledger, record) => readNext(ledger, record).after, emptyLedger);

  it("is the same whether it was written or read", () => {
    expect(read(records)).toEqual(
      scenario.history.reduce<Ledger>(
        (ledger, event) => writeNext(ledger, event, "ledger-1").step.after,
        emptyLedger,
      ),
    );
  });

  it("refuses a record that is missing, repeated, or out of place", () => {
    for (let at = 0; at < records.length; at++) {
      const record = records[at] as Uint8Array;
      const without = records.toSpliced(at, 1);
      if (at < records.length - 1) expect(() => read(without), `without ${at}`).toThrow(RecordError);
      expect(() => read(records.toSpliced(at, 0, record)), `${at} twice`).toThrow(RecordError);
      const swapped = records.with(at, records[(at + 1) % records.length] as Uint8Array);
      expect(() => read(swapped), `${at} replaced`).toThrow(RecordError);
    }
  });

  it("refuses a record of another ledger at the same place", () => {
    const others = scenario.records("ledger-2");
    for (let at = 0; at < records.length; at++) {
      const spliced = records.with(at, others[at] as Uint8Array);
      if (at === 0 && records.length > 1) {
        expect(() => read(spliced)).toThrow("record 1: is not linked to the record before it");
      } else {
        expect(() => read(spliced)).toThrow(RecordError);
      }
    }
    const before = read(records.slice(0, -1));
    const linked = encodeRecord(scenario.history.at(-1) as Recorded, {
      ledger: "ledger-2",
      seq: before.seq + 1,
      prev: before.prev,
    });
    expect(() => readNext(before, linked.bytes)).toThrow("belongs to another ledger");
  });

  it("refuses a later record that was written on another history", () => {
    const first = read(records.slice(0, 1));
    const event = { ...(scenario.history[1] as Recorded), task: "other" };
    const branch = [records[0] as Uint8Array, writeNext(first, event, "").bytes, ...records.slice(2)];
    expect(() => read(branch)).toThrow("record 2: is not linked");
  });

  it("refuses an event that cannot follow", () => {
    const started = scenario.history[0] as Recorded<Started>;
    const { digest } = started.data;
    const first = read(records.slice(0, 1));
    const impossible: [string, Ledger, Recorded][] = [
      ["a signature before any start", emptyLedger, scenario.history.at(-2) as Recorded],
      ["a cancel before any start", emptyLedger, scenario.history[1] as Recorded],
      ["a second start", first, started],
      ["a start with another digest", emptyLedger, withData(started, { digest: "0".repeat(64) })],
      ["a start of another role", emptyLedger, withData(started, { role: "targets" })],
      ["a start of an impossible role", emptyLedger, withData(started, { role: "../root" })],
      [
        "a cancel of something else",
        first,
        withData(scenario.history[1] as Recorded, { digest: "0".repeat(64) }),
      ],
      [
        "an override of something else",
        first,
        withData(scenario.history[3] as Recorded, { replaced: "0".repeat(64) }),
      ],
      [
        "an override with another digest",
        first,
        withData(scenario.history[3] as Recorded, { replaced: digest, digest }),
      ],
      [
        "a signature without a key id",
        first,
        { ...first2(), data: { role: "root", digest, signature: {} } } as Recorded,
      ],
    ];
    for (const [why, ledger, event] of impossible) {
      expect(() => writeNext(ledger, event, "ledger-1"), why).toThrow(HistoryError);
    }
  });

  it("refuses a start that no command could have led to", async () => {
    const finished = await given(commands.bootstrap(signedFile(a, alice, bob)));
    const ledger = read(finished.records());
    const next = rootSigned({ version: 2, signers: [alice], online });
    await finished.given(commands.update(signedFile(next, alice)));
    const started = finished.history.at(-1) as Recorded;
    expect(started.type).toBe("Started");
    writeNext(ledger, started, "");
    expect(
      () => writeNext(ledger, withData(started, { kind: "bootstrap" }), ""),
      "a second bootstrap",
    ).toThrow(HistoryError);
    expect(() => writeNext(emptyLedger, started, "l"), "an update before the bootstrap").toThrow(
      HistoryError,
    );
  });
});

function withData(event: Recorded, more: object): Recorded {
  return { ...event, data: { ...event.data, ...more } } as Recorded;
}

function first2(): Recorded {
  return scenario.history.find((event) => event.type === "SignatureAdded") as Recorded;
}
