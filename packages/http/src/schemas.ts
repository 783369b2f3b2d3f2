import {
  ceremonyType,
  isJsonObject,
  type JsonObject,
  type JsonValue,
  MAX_EXPIRATION_DAYS,
} from "@tuf-das/core";
import * as v from "valibot";
import { complaintOf } from "./issues.js";

/** Settings stand in a record beside the metadata, and must leave room for it. */
const MAX_SETTINGS = 200_000;

const digest = v.nullish(
  v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/, "must be 64 lower-case hex digits")),
  null,
);
const reason = v.nullish(
  v.pipe(v.string(), v.maxLength(1000, "must not be longer than 1000 characters")),
  null,
);
const role = v.pipe(
  v.string(),
  v.check((name) => ceremonyType(name) !== undefined, "must be root, targets or a delegated role's name"),
);

/** An object taken as it is: valibot's own object schemas drop members named `constructor` or `prototype`. */
const anyObject = v.custom<JsonObject>((value) => isJsonObject(value as JsonValue), "must be an object");

const days = v.pipe(
  v.number("must be an integer"),
  v.integer("must be an integer"),
  v.minValue(1, "must be at least 1"),
  v.maxValue(MAX_EXPIRATION_DAYS, `must be at most ${MAX_EXPIRATION_DAYS}`),
);
const expiration = v.looseObject({ expiration: days });

const settingsShape = v.looseObject({
  roles: v.pipe(
    v.looseObject({
      root: expiration,
      timestamp: expiration,
      snapshot: expiration,
      targets: expiration,
      bins: v.nullish(
        v.looseObject({
          expiration: days,
          number_of_delegated_bins: v.pipe(
            v.number("must be an integer"),
            v.check(
              (n) => n >= 2 && n <= 16_384 && Number.isInteger(Math.log2(n)),
              "must be a power of two from 2 to 16384",
            ),
          ),
        }),
      ),
      delegations: v.nullish(v.looseObject({ roles: v.array(v.looseObject({ name: role })) })),
    }),
    v.check(
      (roles) => (roles.bins == null) !== (roles.delegations == null),
      "must have exactly one of bins and delegations",
    ),
  ),
});

/** RSTUF's settings: expirations in days, and either hash bins or custom delegations. They are kept as they came. */
const settings = v.pipe(
  anyObject,
  v.rawTransform(({ dataset, addIssue, NEVER }) => {
    const parsed = v.safeParse(settingsShape, dataset.value, { abortEarly: true });
    if (parsed.success) return dataset.value;
    const issue = parsed.issues[0];
    addIssue({ message: complaintOf(issue), ...(issue.path && { path: issue.path }) });
    return NEVER;
  }),
  v.check(
    (value) => JSON.stringify(value).length <= MAX_SETTINGS,
    `must not be longer than ${MAX_SETTINGS} characters`,
  ),
);

/** `metadata` with exactly one role; the file itself is read by the core. */
const oneRole = v.pipe(
  anyObject,
  v.check((metadata) => Object.keys(metadata).length === 1, "must have exactly one role"),
);
const rootOnly = v.strictObject({ root: anyObject });

/** `POST /api/v1/bootstrap`. `timeout` belongs to RSTUF's workers; here the work is done before the answer. */
export const bootstrapBody = v.strictObject({
  settings: v.nullish(settings, null),
  metadata: rootOnly,
  timeout: v.nullish(v.number()),
});

/** `POST /api/v1/metadata` */
export const metadataBody = v.strictObject({ metadata: oneRole });

/** `PATCH /api/v1/metadata/sign` */
export const overrideBody = v.strictObject({
  metadata: oneRole,
  settings: v.nullish(settings, null),
  digest,
  reason,
});

/** `POST /api/v1/metadata/sign` */
export const signBody = v.strictObject({ role, signature: anyObject, digest });

/** `POST /api/v1/metadata/sign/delete` */
export const cancelBody = v.strictObject({ role, digest, reason });

/** `DELETE /api/v1/metadata/sign`: each member in the query or the body. */
export const cancelParts = v.strictObject({ role: v.nullish(role, null), digest, reason });

const expirations = v.pipe(
  anyObject,
  v.check((roles) => Object.keys(roles).length > 0, "must name a role"),
  v.check(
    (roles) => Object.values(roles).every((value) => v.is(days, value)),
    `must give days from 1 to ${MAX_EXPIRATION_DAYS}`,
  ),
  v.transform((roles) => roles as { readonly [role: string]: number }),
);

/** `PUT /api/v1/config` */
export const configBody = v.strictObject({ settings: v.strictObject({ expiration: expirations }) });

/** `GET /api/v1/task` */
export const taskQuery = v.strictObject({
  task_id: v.pipe(v.string(), v.maxLength(256, "must not be longer than 256 characters")),
});
