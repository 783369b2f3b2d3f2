import type { RefusalCode } from "@tuf-das/core";
import { expectTypeOf } from "vitest";
import type { KINDS } from "./problem.js";

type Mapped = keyof typeof KINDS;
expectTypeOf<RefusalCode>().not.toBeAny();
// Every refusal has its status, and no status is kept for a refusal that is gone.
expectTypeOf<Mapped>().toEqualTypeOf<RefusalCode>();
// @ts-expect-error a table that leaves one out does not compile
export const incomplete: typeof KINDS = {} as Omit<typeof KINDS, "expired">;
