import {
  checkJson,
  checkKey,
  checkProposal,
  checkQuorum,
  checkRecord,
  checkSignature,
  importedKeys,
  looseJson,
} from "./checks.js";
import { type Corpus, makeCorpus } from "./corpus.js";
import { mutateBytes, mutateValue } from "./mutate.js";
import { type Random, seededRandom } from "./random.js";

/** An input that broke a check. */
export class FuzzFailure extends Error {
  override readonly name = "FuzzFailure";
  readonly target: string;
  /** The input, or its JSON, in base64. */
  readonly input: string;
  constructor(target: string, input: string, run: number, cause: unknown) {
    super(`${target}, run ${run}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
    this.target = target;
    this.input = input;
  }
}

export interface FuzzReport {
  readonly runs: number;
  /** How often each outcome came, by target. */
  readonly outcomes: ReadonlyMap<string, ReadonlyMap<string, number>>;
}

const ROLES = ["root", "targets", "dev", "", "../x", "snapshot", "constructor"];

/**
 * Feeds changed inputs to everything that reads what strangers send.
 *
 * @param goOn asked before each run
 * @throws FuzzFailure at the first input that breaks a check
 */
export async function fuzz(seed: number, goOn: (run: number) => boolean): Promise<FuzzReport> {
  const random = seededRandom(seed);
  const corpus = await makeCorpus();
  const keys = importedKeys(corpus);
  const outcomes = new Map<string, Map<string, number>>();
  let run = 0;

  async function check(target: string, input: Uint8Array | string, work: () => string | Promise<string>) {
    try {
      const outcome = await work();
      const counts = outcomes.get(target) ?? new Map<string, number>();
      outcomes.set(target, counts.set(outcome, (counts.get(outcome) ?? 0) + 1));
    } catch (error) {
      throw new FuzzFailure(target, Buffer.from(input).toString("base64"), run, error);
    }
  }

  for (; goOn(run); run++) {
    const bytes = randomBytes(corpus, random);
    await check("parseJson of bytes", bytes, () => checkJson(bytes));
    const text = Buffer.from(bytes).toString(random.pick(["utf8", "latin1"]));
    await check("parseJson of text", text, () => checkJson(text));
    const loose = looseJson(text);
    if (loose !== undefined)
      await check("parseProposal of text", text, () => checkProposal(loose, random.pick(ROLES)));

    const { role, file } = random.pick(corpus.files);
    const changed = mutateValue(file, random);
    const shown = JSON.stringify(changed);
    await check(`parseProposal of ${role}`, shown, () => checkProposal(changed, role));
    await check("parseProposal of another role", shown, () => checkProposal(changed, random.pick(ROLES)));
    if (role === "root") await check("decide", shown, () => checkQuorum(changed, corpus));

    const key = mutateValue(random.pick(corpus.keys), random);
    await check("importKey", JSON.stringify(key), () => checkKey(key));

    const sig = signatureText(corpus, random);
    const by = random.pick(keys);
    await check("decodeSignature", sig, () => checkSignature(by, sig));

    const seq = random.below(corpus.records.length);
    const record = corpus.records[seq] as Uint8Array;
    const damaged =
      random.below(20) === 0 ? record : mutateBytes(record, random.pick(corpus.records), random);
    await check("decodeRecord", damaged, () => checkRecord(damaged, seq));
  }
  return { runs: run, outcomes };
}

function randomBytes(corpus: Corpus, random: Random): Uint8Array {
  if (random.below(10) === 0) return random.bytes(random.below(64));
  const encode = (text: string) => new TextEncoder().encode(text);
  return mutateBytes(encode(random.pick(corpus.texts)), encode(random.pick(corpus.texts)), random);
}

/** Hex of about the right length, DER of about the right form, or something else. */
function signatureText(corpus: Corpus, random: Random): string {
  switch (random.below(4)) {
    case 0:
      return String(random.pick(corpus.signatures).sig);
    case 1:
      return Buffer.from(random.bytes(random.pick([0, 1, 63, 64, 65, 70, 71, 72, 255, 256, 257]))).toString(
        "hex",
      );
    case 2: {
      const numbers = [0, 1].flatMap(() => {
        const body = random.bytes(random.pick([1, 31, 32, 33, 48, 49]));
        return [random.pick([2, 2, 2, 3]), random.pick([body.length, body.length, 0x81]), ...body];
      });
      return Buffer.from([0x30, random.pick([numbers.length, numbers.length, 0x80]), ...numbers]).toString(
        "hex",
      );
    }
    default: {
      const changed = mutateValue(String(random.pick(corpus.signatures).sig), random);
      return typeof changed === "string" ? changed : "";
    }
  }
}
