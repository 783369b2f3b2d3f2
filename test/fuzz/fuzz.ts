// Feeds changed and hostile inputs to what reads them: node scripts/run.mjs test/fuzz/fuzz.ts --seconds 60
import { randomInt } from "node:crypto";
import { parseArgs } from "node:util";
import { FuzzFailure, fuzz } from "./engine.js";
import { measureGrowth } from "./growth.js";

const { values } = parseArgs({
  options: {
    runs: { type: "string" },
    seconds: { type: "string" },
    seed: { type: "string" },
    help: { type: "boolean" },
  },
});

function whole(text: string | undefined, name: string): number | undefined {
  if (text === undefined) return undefined;
  if (!/^\d{1,10}$/.test(text)) throw new TypeError(`--${name} must be a whole number`);
  return Number(text);
}

async function main(): Promise<void> {
  if (values.help) {
    console.log("usage: fuzz.ts [--runs N | --seconds S] [--seed N]");
    return;
  }
  const seed = whole(values.seed, "seed") ?? randomInt(2 ** 32);
  const seconds = whole(values.seconds, "seconds");
  const runs = whole(values.runs, "runs") ?? (seconds === undefined ? 10_000 : Number.POSITIVE_INFINITY);
  const end = seconds === undefined ? Number.POSITIVE_INFINITY : performance.now() + 1000 * seconds;
  console.log(`seed ${seed}`);
  const report = await fuzz(seed, (run) => run < runs && performance.now() < end);
  console.log(`${report.runs} runs`);
  for (const [target, outcomes] of report.outcomes) {
    const counts = [...outcomes]
      .sort(([, a], [, b]) => b - a)
      .map(([outcome, count]) => `${outcome} ${count}`);
    console.log(`  ${target}: ${counts.join(", ")}`);
  }
  const growth = measureGrowth(2 ** 20);
  for (const { name, times, exponent, isFast } of growth) {
    const last = times.at(-1)?.[1].toFixed(1);
    console.log(
      `  ${isFast ? "linear" : "NOT LINEAR"} (exponent ${exponent.toFixed(2)}, ${last} ms at most): ${name}`,
    );
  }
  if (growth.some(({ isFast }) => !isFast)) process.exitCode = 1;
}

try {
  await main();
} catch (error) {
  if (!(error instanceof FuzzFailure)) throw error;
  console.error(`${error.stack}\ninput (base64): ${error.input}`);
  process.exitCode = 1;
}
