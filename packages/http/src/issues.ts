import { type Refusal, refuse } from "@tuf-das/core";
import type * as v from "valibot";

/** What the schema objects to, as a refusal. Valibot's own messages quote the input; these do not. */
export function refusalOf(issue: v.BaseIssue<unknown>): Refusal {
  const path = issue.path ?? [];
  const shown = path.map((item, index) => {
    const last = index === path.length - 1;
    return typeof item.key === "number"
      ? `[${item.key}]`
      : last && isUnknownMember(issue)
        ? "*"
        : String(item.key);
  });
  const field = shown.join(".").replaceAll(".[", "[");
  return refuse("malformed", `${field || "The body"} ${complaintOf(issue)}.`, { field }).refusal;
}

/** What is wrong, to go on after the name of the member. */
export function complaintOf(issue: v.BaseIssue<unknown>): string {
  if (isUnknownMember(issue)) return "is not a known member";
  if (issue.received === "undefined") return "is missing";
  if (issue.kind !== "schema" || issue.type === "custom") return issue.message;
  return `must be ${issue.expected}`;
}

function isUnknownMember(issue: v.BaseIssue<unknown>): boolean {
  return issue.type === "strict_object" && issue.expected === "never";
}
