import { expect } from "vitest";
import { ceremonyAnswers, signAnswers } from "./answers.js";
import { describeRstuf, type Run } from "./scenario.js";

describeRstuf("asking with RSTUF's client", (scenario) => {
  scenario("nothing-pending", "nothing to sign, before and after the bootstrap", async (world) => {
    const early = await world.refused(["metadata", "sign"]);
    expect(early.said).toContain("Failed to fetch metadata for signing.");
    const [ada, ben, online] = [world.key("Ada"), world.key("Ben"), world.key("Online")];
    await world.ceremony({ holders: [ada, ben], threshold: 2, online, signing: [ada, ben] });
    for (const command of ["sign", "stop-sign"]) {
      const { said } = await world.refused(["metadata", command]);
      expect(said).toContain("No metadata available for signing");
    }
  });

  scenario("task-info", "a task is told at the first request, an unknown one ends", async (world) => {
    const [ada, ben, online] = [world.key("Ada"), world.key("Ben"), world.key("Online")];
    const run = await world.ceremony({ holders: [ada, ben], threshold: 2, online, signing: [ada] });
    const info = (...argv: string[]) => world.rstuf(["task", "info", ...argv, "--api-server", world.url]);

    const known = await info(taskOf(run));
    expect(known.exit_code).toBe(0);
    expect(known.said).toContain("Task status: SUCCESS");
    expect(known.exchanges).toHaveLength(1);

    const all = await info(taskOf(run), "--all");
    expect(all.said).toContain('"bootstrap": "Root v1 is pending signature"');
    expect(all.exchanges).toHaveLength(2);

    for (const unknown of ["00000000-0000-4000-8000-000000000000", "no-such-task"]) {
      const { exit_code, said, exchanges } = await info(unknown);
      expect(exit_code).toBe(1);
      expect(said).toContain("Unexpected response");
      expect(exchanges).toHaveLength(1);
    }
  });

  scenario("slashes", "the server's address may end in a slash", async (world) => {
    const [ada, ben, online] = [world.key("Ada"), world.key("Ben"), world.key("Online")];
    const admin = ["admin", "--api-server", `${world.url}/`];
    const chosen = { holders: [ada, ben], threshold: 2, online, signing: [ada] };
    const runs = [
      await world.rstuf([...admin, "ceremony"], ceremonyAnswers(chosen)),
      await world.rstuf([...admin, "metadata", "sign"], signAnswers(ben)),
    ];
    expect(runs.map((run) => run.exit_code)).toEqual([0, 0]);
    const info = await world.rstuf(["task", "info", taskOf(runs[1]!), "--api-server", `${world.url}//`]);
    expect(info.exit_code).toBe(0);
    await world.finalized(1, [ada, ben]);
  });

  scenario("config-file", "the server's address from the client's own configuration", async (world) => {
    const [ada, ben, online] = [world.key("Ada"), world.key("Ben"), world.key("Online")];
    const config = ["-c", world.write("rstuf.yml", `SERVER: ${world.url}\n`)];
    const chosen = { holders: [ada, ben], threshold: 2, online, signing: [ada, ben] };
    // A header of the operator's, as a gateway in front of the server might ask for it.
    const admin = ["admin", "--headers", "Authorization: Bearer secret, X-Site: one"];
    const run = await world.rstuf([...config, ...admin, "ceremony"], ceremonyAnswers(chosen));
    expect(run.exit_code).toBe(0);
    expect(run.exchanges[0]?.request.headers).toMatchObject({
      authorization: "Bearer secret",
      "x-site": "one",
    });
    const info = await world.rstuf([...config, "task", "info", taskOf(run)]);
    expect(info.exit_code).toBe(0);
    await world.finalized(1, [ada, ben]);
  });
});

function taskOf({ exchanges }: Run): string {
  const accepted = exchanges.find(({ response }) => response.status === 202)!.response;
  return (accepted.body as { data: { task_id: string } }).data.task_id;
}
