// The demo's server: the product's own, with the clock moved. FILE is the SQLite file, OFFSET milliseconds.
import { run } from "@tuf-das/http";

const [file, offset] = process.argv.slice(2);
await run({
  host: "127.0.0.1",
  port: 0,
  store: `sqlite:${file}`,
  clock: () => Date.now() + Number(offset),
  report: console.error,
});
