import type { Answers } from "./client.js";
import type { Key } from "./keys.js";

const PEM = "Key PEM File";
const BINS = "Bins (online key only)";
const DELEGATIONS = "Custom Delegations (online/offline key)";

/** Answers in the making: the three kinds are asked for in turn, so each part of a dialogue adds to all. */
function collect(...parts: readonly Answers[]): Required<Answers> {
  return {
    texts: parts.flatMap((part) => part.texts ?? []),
    menus: parts.flatMap((part) => part.menus ?? []),
    files: parts.flatMap((part) => part.files ?? []),
  };
}

/** Signs with a key whose menu entry was chosen already. */
function unlock(key: Key): Answers {
  return { menus: [PEM], files: [key.privateFile], texts: [key.password] };
}

/** Signs with each key; leaves the loop by `continue` unless that was the last signature that was missing. */
function signWith(keys: readonly Key[], complete: boolean): Answers {
  return collect(
    ...keys.map((key) => collect({ menus: [key.name] }, unlock(key))),
    complete ? {} : { menus: ["continue"] },
  );
}

function addKey(key: Key): Answers {
  return { menus: [PEM], files: [key.publicFile], texts: [key.name] };
}

/** One custom delegation. */
export interface DelegationAnswers {
  readonly name: string;
  readonly days: number;
  readonly paths: readonly string[];
  /** Without: the online key signs. */
  readonly offline?: { readonly threshold: number; readonly keys: readonly Key[] };
}

function delegate({ name, days, paths, offline }: DelegationAnswers): Answers {
  const [first = "", ...more] = paths;
  return collect(
    { texts: [name, String(days), first] },
    ...more.map((path) => ({ menus: ["add new path"], texts: [path] })),
    { menus: ["continue", offline ? "Add Keys" : "Online Key (use the existing)"] },
    offline ? { texts: [String(offline.threshold)] } : {},
    ...(offline?.keys ?? []).map((key, index) => collect(index > 0 ? { menus: ["add"] } : {}, addKey(key))),
    offline ? { menus: ["continue"] } : {},
  );
}

/** What is decided in a ceremony. */
export interface CeremonyAnswers {
  readonly holders: readonly Key[];
  readonly threshold: number;
  readonly online: Key;
  /** Who signs at once. */
  readonly signing: readonly Key[];
  /** Days until expiry; without: the client's defaults. */
  readonly days?: {
    readonly timestamp: number;
    readonly snapshot: number;
    readonly targets: number;
    readonly root: number;
  };
  /** By default two hash bins. */
  readonly delegations?: readonly DelegationAnswers[];
}

/** Answers to `admin ceremony`. */
export function ceremonyAnswers(chosen: CeremonyAnswers): Answers {
  const { holders, threshold, online, signing, days, delegations } = chosen;
  return collect(
    { texts: [days?.timestamp, days?.snapshot, days?.targets].map((value) => String(value ?? "")) },
    delegations === undefined
      ? { menus: [BINS], texts: ["", "2"] }
      : collect(
          { menus: [DELEGATIONS] },
          ...delegations.map((one, index) =>
            collect(index > 0 ? { menus: ["add new delegation"] } : {}, delegate(one)),
          ),
          { menus: ["continue"] },
        ),
    { texts: [String(days?.root ?? ""), String(threshold)] },
    ...holders.map((key, index) => collect(index > 0 ? { menus: ["add"] } : {}, addKey(key))),
    { menus: ["continue"] },
    addKey(online),
    signWith(signing, signing.length >= threshold),
  );
}

/** What is decided in a root update. */
export interface UpdateAnswers {
  readonly days?: number;
  readonly threshold?: number;
  readonly remove?: readonly Key[];
  readonly add?: readonly Key[];
  readonly online?: Key;
  readonly signing: readonly Key[];
  /** Whether these signatures are all that are needed. */
  readonly complete?: boolean;
}

/** Answers to `admin metadata update`. */
export function updateAnswers(chosen: UpdateAnswers): Answers {
  const { days, threshold, remove = [], add = [], online, signing, complete = false } = chosen;
  return collect(
    { texts: days === undefined ? ["n"] : ["y", String(days)] },
    { texts: threshold === undefined ? ["n"] : ["y", String(threshold)] },
    ...remove.map((key) => ({ menus: ["remove", key.name] })),
    ...add.map((key) => collect({ menus: ["add"] }, addKey(key))),
    { menus: ["continue"] },
    online === undefined ? { texts: ["n"] } : collect({ texts: ["y"] }, addKey(online)),
    signWith(signing, complete),
  );
}

/** Answers to `admin metadata sign`. */
export function signAnswers(key: Key, role = "root"): Required<Answers> {
  return collect({ menus: [role, key.name] }, unlock(key));
}
