import assert from "node:assert/strict";
import { showQuorum } from "./print.js";

/** A few calls of the HTTP interface, each printing what came back. */
export function apiOf(url: () => string) {
  async function call(method: string, path: string, body?: object) {
    const answer = await fetch(`${url()}/api/v1${path}`, {
      method,
      ...(body && { headers: { "content-type": "application/json" }, body: JSON.stringify(body) }),
    });
    return { status: answer.status, body: (await answer.json()) as Record<string, any> };
  }

  return {
    /** A request that is accepted: 202, and its task has succeeded. Prints what the task says. */
    async accepted(method: string, path: string, body: object) {
      const answer = await call(method, path, body);
      assert.equal(answer.status, 202, JSON.stringify(answer.body));
      const task = await call("GET", `/task?task_id=${answer.body.data.task_id}`);
      const { message, details } = task.body.data.result;
      console.log(
        `   ${method} ${path}: 202 ${answer.body.message} ${message} ${details ? JSON.stringify(details) : ""}`,
      );
    },
    /** A request that is refused with this code. */
    async refused(method: string, path: string, body: object, code: string) {
      const answer = await call(method, path, body);
      assert.equal(answer.body.detail?.code, code, JSON.stringify(answer.body));
      console.log(`   ${method} ${path}: ${answer.status} ${answer.body.detail.error}`);
    },
    /** What is pending, with its quorum. */
    async pending() {
      const { body } = await call("GET", "/metadata/sign");
      for (const [role, { digest, quorum }] of Object.entries<any>(body.data?.ceremonies ?? {})) {
        console.log(`   pending ${role} ${digest.slice(0, 12)}…  ${showQuorum(quorum)}`);
      }
      if (body.data === undefined) console.log("   pending: nothing");
      return body.data;
    },
  };
}
