import { bytesToHex } from "@noble/hashes/utils.js";
import { canonicalBytes, canonicalize } from "../json/canonical.js";
import type { JsonObject } from "../json/value.js";
import { sha256Hex } from "../metadata/digest.js";

/** Private keys in JWK form, in this file only so that tests are repeatable. They protect nothing. */
const JWKS = {
  p256: {
    kty: "EC",
    x: "TL8c1kcti1Wf6iUqNMdr_ogBRAUOzamdHrts-WhWsOE",
    y: "vSTlG-_RkewJLdguVcQc57nbOcpflGkUN-mf7bajh2g",
    crv: "P-256",
    d: "R5k2IWn4Amq9nkoq6DbRh72j2mYnKn7FfbXM-oiIBr4",
  },
  p384: {
    kty: "EC",
    x: "TRRWWHTDb3xy47oeJOlCY4WpoMc-vC8NyhgVrcCmMTMo7_VxpCCvILPBPvTiXs92",
    y: "BWtYr4N_kdB2B38I0iiXbyzEhLokfLuYfFrk9KE0CK0-ESaxW5jz4Bw1F4c4ILIO",
    crv: "P-384",
    d: "0oV0jF0ywOcc9bnv8tW6uvQlHeVL1-kVJoQO-3lh-VNHVzkklYt1YmApywgZpbAh",
  },
  rsa: {
    kty: "RSA",
    n: "mi2vMa0I0-i2S1k2qlhtQ_98TwEIPSxX_Fjhya3W7neN0A9cniIFoo4dE1Xbm0aUOSXTvhjiXxb0zDwnKbhjZAgaaXegP2mOGvsbjZIh_NbS9YDsoTUvwyFif7z-ELe6ddRBTwGH2uJzytsZzGNZ-u4n499OMiyvhmDVSYdwjSO-ggVrAy6Zt5QYG-5x2wpdg239_rkarSY9ZTEjULXPAu3QHq4O7PdTsimaibuZjU0B2l4yVLam_wHfOQEuxE7xYf6kbUgZ4hSm6gxWgRxeQNxwbjs2sPdfM1UsD04f3zwBVFZ5ZUR1MZ2hsvdqpeajX5UAxK2dGcPiHK5e4cITOw",
    e: "AQAB",
    d: "Bp4hX_N6ZoYdlPxeUU98WSfVMRrtPJrzp9w0zNBOYmv1RVHzesIhFcody1-rDm4oHI_YF9e_l69HkKCgWbUVZwzF_XLqCO7B77yJgTkdhlm-MlV3UrASvcBoFu2IxjTspvQWXYrGRwnjSHjBEbnN-exRAAHsvFCYtB7h6McMeLJYA9QgmBsWMJBljTHn4rpekc5BSFLkSRwTFvhy02cY8kM4mn0fpzMCwmj15xh4V9eCXWXvGXjyISQ1g3YXXugu3AuroV7xctfTuLGhOAcfXnOumXLF-ycU4JQgxIVru70iwW-0Pww7q18zdKpWKPlMJC9EIsk1IvZSPyYEh1vhYQ",
    p: "yAnbMPr8xIYlMzBhChlGQgYdtIGqUbzpN74cRq4A7dnuHHU1f1jaSQt1y2oqJK0U-KlN8f-FGxTUSf170TlZdOZgYpRaa-w57kFKuIQtFcECD13q6281eHrMvJwa7EE-Bd9T8QWdgD1rh99vDXChCwI8CmfGdrwS8nW0cWCPBas",
    q: "xU946I91bGLLzQXPvcp6urvxFjMN0cQRUi9Ev-QlmrBPQNa5zJ0-oGipZ-rXfcQciIR9I-bj3RWOoHTMuruwEeTdLACODHGwQtmYN6Mr8rguX4E33YKjl_DGMmq4I2dPNKXWmw1uGpNJO2twzzXeBRKvetzqzBKRywZq5UeleLE",
    dp: "DJWqJ4OywT5bOsQxZqw-Ykr2NXPu3iOPXIVmTAAIaO5L75hkHDXfzbad24U7T4FgD2C_WZkkq5Z84IbE8l20Rgl0SN9ibOW4o0eSRtdx6qtw0Lys2dDuQT0ggkEj5HcaSs5I_qHGzdmPWUXyO5s5VnL2igULVE7ytjQ3fOaBOO8",
    dq: "Wd8gCHXHm23IvIMII7-FdWbDokPw6HnxFckX_HuTsUjbYIItsQhyjSf--albLBrWkEwgn-i8I2h9RZLN6cQxp4TiRPefvAVQrrJkBfuZuf2wianW41ts3nk6HZ7EbsPQrP9Yp9lPLGWn9puyj39OuGrRaRoVDIzswVgT-olO0pE",
    qi: "UIvGZgGv9HobH9c4ySZlw_hbbQNqRmpL6dwvz4ZHjPuDMaj1hxEYnGu8Geyb_ixyCBRsne8XQYQJd4ir70knpMfw8bAS3qfD2twXajKFnC1pZWFN5CVEg7LfF2ANw9Quwx0YihyOU6az64kqutzrcEb_9n12GLwe7EkUD9kEa4U",
  },
  rsa1024: {
    kty: "RSA",
    n: "9NCOh7uGeaNupXMF17d963SiT40HMj04HEmQS90NdeNzjQqze9q14obXdozZBNSwXXQSpqoQ3oFwkd8QNkVYEbMOJELozajWiNYAyJQEpVqzuYsacGnLzyI1GhbiMTehQzImO3Ma_cP4pOnLPvkFW_1QNf1SqR_BF71aRL14ynE",
    e: "AQAB",
    d: "QWuN-vWArPagdbP0Br4w9v-W9B0ipCk52k1KMwuiMjOSyEjox5sdaahQ4Ywn3iOb8Y04ArOFiIAcfc6W_XmwW5ypMavPRrFoKJdoeJxBVaJfFKjNh10err6RiT9njWEx92-Fj9ynbHjV8nAk7Ztjth9ssu8WktYHGICexMbikgE",
    p: "_GJEWKziohoP5OuIZR-Oj_DNQeXzuUzhU99APpDdG8N6ifsLXsuzZWucjwlEkgkUTAXIvsMGEOa8IFl943k90Q",
    q: "-FKGvzNFizf9-962NemFEoYgojlhrlipZ_LkSGyBi119Ux91c6voD7ngMsXeva2wD58WWF5Y3UVLFbZO7tLKoQ",
    dp: "UoAQ1WfWQaUBUxSHJn81S-osPoFbtVPjSFZvGsSh8oRo1xfgNKGjx-BwcfVWm-Ip51vwriL0Jaw3DOAUHbqxMQ",
    dq: "7OzIdar0omUU5nhSv1ODzO2-OymmglNDptM_bb5hR1g219U_GdMeAcsmFytlXvJV9kGib0PtY4jWn-ummgTyoQ",
    qi: "xPGOm01qZAS6Glw761rhJnRSxeHeQrt8GS5vlKfvkvkknV7r5VOqZ39FqftkLPK8uFxeM07aMfsOCHt4QCl6MQ",
  },
} as const;

const ALGORITHMS = {
  p256: { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" },
  p384: { name: "ECDSA", namedCurve: "P-384", hash: "SHA-384" },
  rsa: { name: "RSA-PSS", hash: "SHA-256", saltLength: 32 },
  /** Too short to be accepted anywhere. */
  rsa1024: { name: "RSA-PSS", hash: "SHA-256", saltLength: 32 },
} as const;

const NAMES = {
  p256: { keytype: "ecdsa", scheme: "ecdsa-sha2-nistp256" },
  p384: { keytype: "ecdsa", scheme: "ecdsa-sha2-nistp384" },
  rsa: { keytype: "rsa", scheme: "rsassa-pss-sha256" },
  rsa1024: { keytype: "rsa", scheme: "rsassa-pss-sha256" },
} as const;

/** A key holder whose signatures differ each time they are made. */
export interface RandomisedSigner {
  readonly keyid: string;
  /** The key as it stands in metadata, its public part as PEM. */
  readonly key: { readonly keytype: string; readonly scheme: string; readonly keyval: { public: string } };
  /** The uncompressed point in hex, which older metadata has in place of the PEM; only of an EC key. */
  readonly point: string;
  sign(signed: JsonObject, keyid?: string): Promise<JsonObject>;
}

/** The signer of a kind of key: one fixed key for each kind. */
export async function randomisedSigner(kind: keyof typeof JWKS): Promise<RandomisedSigner> {
  const { subtle } = globalThis.crypto;
  const { d: _, p, q, dp, dq, qi, ...publicJwk } = JWKS[kind] as Record<string, string>;
  const algorithm = ALGORITHMS[kind];
  const secret = await subtle.importKey("jwk", JWKS[kind], algorithm, false, ["sign"]);
  const open = await subtle.importKey("jwk", publicJwk, algorithm, true, ["verify"]);
  const spki = new Uint8Array(await subtle.exportKey("spki", open));
  const key = { ...NAMES[kind], keyval: { public: pem(spki) } };
  const id = sha256Hex(canonicalize(key));
  return {
    keyid: id,
    key,
    point: kind.startsWith("rsa") ? "" : bytesToHex(new Uint8Array(await subtle.exportKey("raw", open))),
    async sign(signed, keyid = id) {
      const bytes = new Uint8Array(
        await subtle.sign(algorithm, secret, new Uint8Array(canonicalBytes(signed))),
      );
      return { keyid, sig: bytesToHex(kind.startsWith("rsa") ? bytes : der(bytes)) };
    },
  };
}

function pem(spki: Uint8Array): string {
  const lines = btoa(String.fromCharCode(...spki)).match(/.{1,64}/g) ?? [];
  return `-----BEGIN PUBLIC KEY-----\n${lines.join("\n")}\n-----END PUBLIC KEY-----\n`;
}

/** WebCrypto signs r || s; TUF wants DER. */
function der(joined: Uint8Array): Uint8Array {
  const half = joined.length / 2;
  const body = [joined.subarray(0, half), joined.subarray(half)].flatMap((number) => {
    const bytes = [...number.subarray(number.findIndex((byte) => byte !== 0))];
    if ((bytes[0] as number) > 0x7f) bytes.unshift(0);
    return [2, bytes.length, ...bytes];
  });
  return Uint8Array.from([0x30, body.length, ...body]);
}
