// Writes the pinned vectors beside this file: `node packages/core/vectors/generate.mjs`. Deterministic: all
// keys, nonces and salts come from SHA-512 of fixed texts, so a second run changes nothing. The private keys
// follow from this file: they are for tests only.
//
// Nothing here imports the code under test; curves, DER and PSS are written a second time on purpose.

import { checkPrimeSync, createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import { hashes, Point, getPublicKey, sign } from "@noble/ed25519";

const sha = (name, ...parts) => createHash(name).update(Buffer.concat(parts)).digest();
hashes.sha512 = (message) => new Uint8Array(sha("sha512", message));

const text = (value) => Buffer.from(value, "utf8");
const hex = (bytes) => Buffer.from(bytes).toString("hex");
const big = (bytes) => BigInt(`0x${hex(bytes) || "0"}`);
const bytesOf = (value, length) => Buffer.from(value.toString(16).padStart(2 * length, "0"), "hex");
const mod = (a, m) => ((a % m) + m) % m;
const power = (base, exponent, m) => {
  let result = 1n;
  for (const bit of exponent.toString(2)) {
    result = (result * result) % m;
    if (bit === "1") result = (result * base) % m;
  }
  return result;
};
const inverse = (a, m) => {
  let [r0, r1, t0, t1] = [m, mod(a, m), 0n, 1n];
  while (r1 !== 0n) {
    const q = r0 / r1;
    [r0, r1, t0, t1] = [r1, r0 - q * r1, t1, t0 - q * t1];
  }
  if (r0 !== 1n) throw new Error("no inverse");
  return mod(t0, m);
};
/** `length` bytes that look random and depend on `name` only. */
const stream = (name, length) => {
  const blocks = [];
  for (let i = 0; i * 64 < length; i++) blocks.push(sha("sha512", text(`tuf-das vectors/${name}/${i}`)));
  return Buffer.concat(blocks).subarray(0, length);
};
const must = (condition, what) => {
  if (!condition) throw new Error(`generator: ${what}`);
};

const MESSAGE = text('{"_type":"root","expires":"2030-01-01T00:00:00Z","spec_version":"1.0.31","version":1}');
const OTHER = text('{"_type":"root","expires":"2030-01-01T00:00:00Z","spec_version":"1.0.31","version":2}');

const key = (keytype, scheme, value) => ({ keytype, scheme, keyval: { public: value } });
const file = (name) => {
  const cases = [];
  const add = (verdict, title, tufKey, message, sig) =>
    cases.push({ name: title, verdict, key: tufKey, message: hex(message), sig: typeof sig === "string" ? sig : hex(sig) });
  const write = () => {
    must(new Set(cases.map((c) => c.name)).size === cases.length, `a name twice in ${name}`);
    save(name, cases);
    return cases;
  };
  return { add, write };
};
const save = (name, value) =>
  writeFileSync(new URL(`${name}.json`, import.meta.url), `${JSON.stringify(value, null, 1)}\n`);

// ---------------------------------------------------------------- DER and PEM

const der = (tag, ...parts) => {
  const content = Buffer.concat(parts);
  const { length } = content;
  const header = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255];
  return Buffer.concat([Buffer.from([tag, ...header]), content]);
};
const magnitude = (value) => {
  const digits = value.toString(16);
  return Buffer.from(digits.length % 2 ? `0${digits}` : digits, "hex");
};
const ZERO = Buffer.from([0]);
const int = (value) => {
  const bytes = magnitude(value);
  return der(2, bytes[0] >= 128 ? Buffer.concat([ZERO, bytes]) : bytes);
};
const seq = (...parts) => der(0x30, ...parts);
const bits = (...parts) => der(3, ZERO, ...parts);
const oid = (content) => der(6, Buffer.from(content, "hex"));
const NULL = Buffer.from([5, 0]);
const OID = {
  ec: oid("2a8648ce3d0201"),
  p256: oid("2a8648ce3d030107"),
  p384: oid("2b81040022"),
  p521: oid("2b81040023"),
  k256: oid("2b8104000a"),
  rsa: oid("2a864886f70d010101"),
  pss: oid("2a864886f70d01010a"),
  ed25519: oid("2b6570"),
};
const ecSpki = (curve, point) => seq(seq(OID.ec, curve), bits(point));
const rsaSpki = (n, e) => seq(seq(OID.rsa, NULL), bits(seq(int(n), int(e))));
const wrap = (base64, { label = "PUBLIC KEY", eol = "\n", width = 64 } = {}) =>
  [`-----BEGIN ${label}-----`, ...(base64.match(new RegExp(`.{1,${width}}`, "g")) ?? []), `-----END ${label}-----`, ""].join(eol);
const pem = (bytes, options) => wrap(bytes.toString("base64"), options);

// ---------------------------------------------------------------- Ed25519

const L = Point.CURVE().n;
const B = Point.BASE;
const IDENTITY = Point.ZERO;
const le = (value) => bytesOf(value, 32).reverse();
const leBig = (bytes) => big(Buffer.from(bytes).reverse());
const times = (point, scalar) => point.multiply(mod(scalar, L), false);
const small = (scalar) => {
  let sum = IDENTITY;
  for (let i = 0; i < scalar; i++) sum = sum.add(T8);
  return sum;
};
const scalarOf = (name) => leBig(stream(name, 64)) % L;
const challenge = (r, a, message) => leBig(sha("sha512", r, a, message)) % L;
/** A point of order 8: L times a point outside the prime order group. */
const T8 = (() => {
  for (let i = 0; ; i++) {
    try {
      const point = Point.fromBytes(stream(`ed25519/torsion/${i}`, 32));
      const torsion = point.multiply(L / 2n, false).double().add(point);
      if (!torsion.double().double().is0()) return torsion;
    } catch {
      // Not every text is a point.
    }
  }
})();

/** Which equations hold for the given bytes; encodings are read the lax way. */
const equations = (a, message, sig) => {
  const r = sig.subarray(0, 32);
  const k = challenge(r, a, message);
  const A = Point.fromBytes(a, true);
  const diff = times(B, leBig(sig.subarray(32))).subtract(times(A, k)).subtract(Point.fromBytes(r, true));
  return { cofactorless: diff.is0(), cofactored: diff.clearCofactor().is0() };
};
const holds = (a, message, sig, cofactorless, title) => {
  const actual = equations(a, message, sig);
  must(actual.cofactored && actual.cofactorless === cofactorless, `equations of "${title}": ${JSON.stringify(actual)}`);
};

const ed25519Files = () => {
  const { add, write } = file("ed25519");
  const edKey = (bytes) => key("ed25519", "ed25519", hex(bytes));
  const seeds = [1, 2, 3].map((i) => new Uint8Array(stream(`ed25519/seed/${i}`, 32)));
  const keys = seeds.map((seed) => Buffer.from(getPublicKey(seed)));
  const long = stream("ed25519/long message", 3000);
  for (const [i, seed] of seeds.entries()) {
    for (const [what, message] of [["a root", MESSAGE], ["the empty message", Buffer.alloc(0)], ["3,000 bytes", long]]) {
      add("valid", `honest, key ${i + 1}, ${what}`, edKey(keys[i]), message, sign(message, seed));
    }
  }
  const honest = Buffer.from(sign(MESSAGE, seeds[0]));
  const upper = key("ed25519", "ed25519", hex(keys[0]).toUpperCase());
  add("valid", "key and signature in upper case hex", upper, MESSAGE, hex(honest).toUpperCase());
  add("invalid", "signature of another message", edKey(keys[0]), OTHER, honest);
  add("invalid", "signature by another key", edKey(keys[1]), MESSAGE, honest);
  add("invalid", "all zero bytes", edKey(keys[0]), MESSAGE, Buffer.alloc(64));
  const withS = (s) => Buffer.concat([honest.subarray(0, 32), le(s)]);
  const honestS = leBig(honest.subarray(32));
  for (const i of [1n, 2n, 8n, 14n]) add("invalid", `S + ${i}L`, edKey(keys[0]), MESSAGE, withS(honestS + i * L));
  add("invalid", "S = L", edKey(keys[0]), MESSAGE, withS(L));
  add("invalid", "S = 2^256 - 1", edKey(keys[0]), MESSAGE, withS(2n ** 256n - 1n));
  add("invalid", "S = L - S (negated)", edKey(keys[0]), MESSAGE, withS(L - honestS));
  const negated = Buffer.from(honest);
  negated[31] ^= 0x80;
  add("invalid", "R with the other sign", edKey(keys[0]), MESSAGE, negated);

  add("bad-form", "63 bytes", edKey(keys[0]), MESSAGE, honest.subarray(0, 63));
  add("bad-form", "65 bytes", edKey(keys[0]), MESSAGE, Buffer.concat([honest, ZERO]));
  add("bad-form", "empty", edKey(keys[0]), MESSAGE, "");
  add("bad-form", "hex with a line feed", edKey(keys[0]), MESSAGE, `${hex(honest)}\n`);
  add("bad-form", "hex with 0x", edKey(keys[0]), MESSAGE, `0x${hex(honest).slice(2)}`);
  add("bad-form", "hex with an odd digit count", edKey(keys[0]), MESSAGE, hex(honest).slice(1));
  add("bad-form", "hex with a digit outside ASCII", edKey(keys[0]), MESSAGE, `\uff11${hex(honest).slice(1)}`);
  add("bad-form", "base64", edKey(keys[0]), MESSAGE, honest.toString("base64"));

  // A is sound here (a known multiple of B), so only the rules about R and the equation decide.
  const a = scalarOf("ed25519/sound key");
  const sound = Buffer.from(times(B, a).toBytes());
  const forge = (rBytes, r, aBytes = sound, message = MESSAGE) =>
    Buffer.concat([rBytes, le(mod(r + challenge(rBytes, aBytes, message) * a, L))]);
  const control = forge(Buffer.from(times(B, 77n).toBytes()), 77n);
  holds(sound, MESSAGE, control, true, "control");
  add("valid", "control: sound R, made without a seed", edKey(sound), MESSAGE, control);
  for (const i of [1, 2, 4]) {
    const title = `R with a torsion component of order ${8 / i}: only the cofactored equation holds`;
    const sig = forge(Buffer.from(times(B, 77n).add(small(i)).toBytes()), 77n);
    holds(sound, MESSAGE, sig, false, title);
    add("invalid", title, edKey(sound), MESSAGE, sig);
  }
  for (let i = 1; i < 8; i++) {
    const title = `R of small order, ${i} times the torsion point`;
    const sig = forge(Buffer.from(small(i).toBytes()), 0n);
    holds(sound, MESSAGE, sig, false, title);
    add("invalid", title, edKey(sound), MESSAGE, sig);
  }
  const P = Point.CURVE().p;
  const signBit = (bytes) => {
    const copy = Buffer.from(bytes);
    copy[31] |= 0x80;
    return copy;
  };
  const identities = [
    ["the identity", le(1n)],
    ["the identity with the sign bit set (not canonical)", signBit(le(1n))],
    ["the identity with y = p + 1 (not canonical)", le(P + 1n)],
    ["the identity with y = p + 1 and the sign bit set (not canonical)", signBit(le(P + 1n))],
  ];
  for (const [what, bytes] of identities) {
    const sig = forge(bytes, 0n);
    holds(sound, MESSAGE, sig, true, what);
    add("invalid", `R is ${what}: both equations hold`, edKey(sound), MESSAGE, sig);
  }
  for (const [what, bytes] of [["y = p", le(P)], ["y = p with the sign bit set", signBit(le(P))]]) {
    const sig = forge(bytes, 0n);
    holds(sound, MESSAGE, sig, false, what);
    add("invalid", `R not canonical, of order 4: ${what}`, edKey(sound), MESSAGE, sig);
  }
  add("invalid", "R with y above p and no point", edKey(sound), MESSAGE, forge(le(2n ** 255n - 1n), 0n));

  // Unsound keys, each with a signature that at least one common library takes.
  const smallOrder = Array.from({ length: 8 }, (_, i) => [`${i} times the torsion point`, Buffer.from(small(i).toBytes())]);
  const unsound = [
    ...smallOrder,
    ...identities.slice(1),
    ["y = p (order 4, not canonical)", le(P)],
    ["y = p with the sign bit set (order 4, not canonical)", signBit(le(P))],
    ["y = -1 with the sign bit set (order 2, not canonical)", signBit(le(P - 1n))],
  ];
  for (const [what, bytes] of unsound) {
    const A = Point.fromBytes(bytes, true);
    must(A.isSmallOrder(), what);
    for (let r = 5n; ; r++) {
      // r B + (a multiple of A) for which the challenge fits: valid without cofactor, no secret needed.
      const R = Buffer.from(times(B, r).toBytes());
      if (!A.is0() && challenge(R, bytes, MESSAGE) % 8n !== 0n) continue;
      const sig = Buffer.concat([R, le(r)]);
      holds(bytes, MESSAGE, sig, true, what);
      add("bad-key", `A is of small order: ${what}`, edKey(bytes), MESSAGE, sig);
      break;
    }
  }
  add("bad-key", "A and the signature are zero bytes", edKey(Buffer.alloc(32)), MESSAGE, Buffer.alloc(64));
  const mixed = times(B, a).add(T8);
  const mixedBytes = Buffer.from(mixed.toBytes());
  const grind = (title, cofactorless, torsionOfR, base, fits) => {
    for (let i = 0n; ; i++) {
      const r = base === 0n ? 0n : base + i;
      const message = base === 0n ? text(`message ${i}`) : MESSAGE;
      const R = Buffer.from(times(B, r).add(small(torsionOfR)).toBytes());
      if (!fits(challenge(R, mixedBytes, message) % 8n)) continue;
      const sig = forge(R, r, mixedBytes, message);
      holds(mixedBytes, message, sig, cofactorless, title);
      add("bad-key", title, edKey(mixedBytes), message, sig);
      return;
    }
  };
  grind("A of mixed order, both equations hold", true, 0, 9n, (k) => k === 0n);
  grind("A and R of mixed order, both equations hold", true, 1, 9n, (k) => k === 7n);
  grind("A of mixed order, R of small order, both equations hold", true, 1, 0n, (k) => k === 7n);
  grind("A of mixed order, only the cofactored equation holds", false, 0, 9n, (k) => k % 2n === 1n);
  grind("A and R of mixed order, only the cofactored equation holds", false, 1, 9n, (k) => k === 1n);
  for (const i of [2, 4]) {
    const bytes = Buffer.from(times(B, a).add(small(i)).toBytes());
    add("bad-key", `A with a torsion component of order ${8 / i}`, edKey(bytes), MESSAGE, honest);
  }
  const noPoint = [...Array(64).keys()].map((i) => le(BigInt(i + 2))).find((bytes) => {
    try {
      return !Point.fromBytes(bytes);
    } catch {
      return true;
    }
  });
  add("bad-key", "A is no point", edKey(noPoint), MESSAGE, honest);
  add("bad-key", "A of 31 bytes", edKey(keys[0].subarray(0, 31)), MESSAGE, honest);
  add("bad-key", "A of 33 bytes", edKey(Buffer.concat([keys[0], ZERO])), MESSAGE, honest);
  // Every other key that has a second encoding, because y + p still fits into 255 bits.
  const doubles = [];
  for (let y = 2n; y < 19n; y++) {
    for (const bytes of [le(P + y), signBit(le(P + y))]) {
      try {
        const free = Point.fromBytes(bytes, true).isTorsionFree();
        doubles.push([`not canonical, y = p + ${y}, ${free ? "torsion free" : "mixed order"}, sign ${bytes[31] >> 7}`, bytes]);
      } catch {
        // Not every y belongs to a point.
      }
    }
  }
  for (const [what, bytes] of doubles) add("bad-key", `A ${what}`, edKey(bytes), MESSAGE, honest);
  write();
  return { keys, sound, mixedBytes, noPoint, doubles, small: unsound };
};

// ---------------------------------------------------------------- ECDSA

const curve = (scheme, oidOf, size, hash, p, b, n, x, y) => ({ scheme, oidOf, size, hash, p, b, n, g: [x, y] });
const P256 = curve(
  "ecdsa-sha2-nistp256", OID.p256, 32, "sha256",
  2n ** 256n - 2n ** 224n + 2n ** 192n + 2n ** 96n - 1n,
  0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604bn,
  0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n,
  0x6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296n,
  0x4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5n,
);
const P384 = curve(
  "ecdsa-sha2-nistp384", OID.p384, 48, "sha384",
  2n ** 384n - 2n ** 128n - 2n ** 96n + 2n ** 32n - 1n,
  0xb3312fa7e23ee7e4988e056be3f82d19181d9c6efe8141120314088f5013875ac656398d8a2ed19d2a85c8edd3ec2aefn,
  0xffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973n,
  0xaa87ca22be8b05378eb1c71ef320ad746e1d3b628ba79b9859f741e082542a385502f25dbf55296c3a545e3872760ab7n,
  0x3617de4a96262c6f5d9e98bf9292dc29f8f41dbd289a147ce9da3113b5f0b8c00a60b1ce1d7e819d7a431d7c90ea0e5fn,
);
const ecAdd = (c, p, q) => {
  if (p === null) return q;
  if (q === null) return p;
  if (p[0] === q[0] && mod(p[1] + q[1], c.p) === 0n) return null;
  const slope = p[0] === q[0] ? (3n * p[0] * p[0] - 3n) * inverse(2n * p[1], c.p) : (q[1] - p[1]) * inverse(q[0] - p[0], c.p);
  const x = mod(slope * slope - p[0] - q[0], c.p);
  return [x, mod(slope * (p[0] - x) - p[1], c.p)];
};
const ecTimes = (c, scalar, point = c.g) => {
  let sum = null;
  for (const bit of scalar.toString(2)) {
    sum = ecAdd(c, sum, sum);
    if (bit === "1") sum = ecAdd(c, sum, point);
  }
  return sum;
};
const ecPoint = (c, [x, y]) => Buffer.concat([Buffer.from([4]), bytesOf(x, c.size), bytesOf(y, c.size)]);
const ecKey = (c, name) => {
  const d = 1n + (big(stream(name, 64)) % (c.n - 1n));
  const point = ecPoint(c, ecTimes(c, d));
  return { c, d, point, hexKey: key("ecdsa", c.scheme, hex(point)), pemKey: key(c.scheme, c.scheme, pem(ecSpki(c.oidOf, point))) };
};
const ecSign = ({ c, d }, message, nonce) => {
  const k = 1n + (big(stream(`ecdsa nonce ${nonce}`, 64)) % (c.n - 1n));
  const r = ecTimes(c, k)[0] % c.n;
  return [r, mod(inverse(k, c.n) * (big(sha(c.hash, message)) + r * d), c.n)];
};
const ecDer = ([r, s]) => seq(int(r), int(s));

/** The root of x^3 - 3x + constant modulo the prime p if it has exactly one, else undefined. */
const cubicRoot = (constant, p) => {
  // Polynomials are [c0, c1, c2]; x^3 = 3x - constant, so x^4 = 3x^2 - constant x.
  const multiply = (a, b) => {
    const d = [0n, 0n, 0n, 0n, 0n];
    for (let i = 0; i < 3; i++) for (let j = 0; j < 3; j++) d[i + j] += a[i] * b[j];
    return [d[0] - constant * d[3], d[1] + 3n * d[3] - constant * d[4], d[2] + 3n * d[4]].map((v) => mod(v, p));
  };
  let g = [1n, 0n, 0n];
  for (const bit of p.toString(2)) {
    g = multiply(g, g);
    if (bit === "1") g = multiply(g, [0n, 1n, 0n]);
  }
  // gcd of x^p - x (reduced) and the cubic.
  let a = [constant, mod(-3n, p), 0n, 1n];
  let b = [g[0], mod(g[1] - 1n, p), g[2]];
  const trim = (v) => {
    while (v.at(-1) === 0n) v.pop();
    return v;
  };
  for (trim(b); b.length > 0; ) {
    const rest = [...a];
    while (trim(rest).length >= b.length) {
      const factor = rest.at(-1) * inverse(b.at(-1), p);
      const shift = rest.length - b.length;
      for (const [i, v] of b.entries()) rest[i + shift] = mod(rest[i + shift] - factor * v, p);
    }
    [a, b] = [b, rest];
  }
  return a.length === 2 ? mod(-a[0] * inverse(a[1], p), p) : undefined;
};

const ecdsaFiles = () => {
  const { add, write } = file("ecdsa");
  const keys = {};
  for (const [name, c] of [["P-256", P256], ["P-384", P384]]) {
    const [one, two] = [ecKey(c, `ecdsa/${name}/1`), ecKey(c, `ecdsa/${name}/2`)];
    keys[name] = [one, two];
    const half = c.n / 2n;
    const [r, s] = ecSign(one, MESSAGE, `${name} 1`);
    const [low, high] = s > half ? [c.n - s, s] : [s, c.n - s];
    for (const [what, k] of [["PEM", one.pemKey], ["hex", one.hexKey]]) {
      add("valid", `${name}: honest, low s, ${what} key`, k, MESSAGE, ecDer([r, low]));
      add("valid", `${name}: honest, high s, ${what} key`, k, MESSAGE, ecDer([r, high]));
    }
    add("valid", `${name}: second, different signature`, one.pemKey, MESSAGE, ecDer(ecSign(one, MESSAGE, `${name} 2`)));
    add("valid", `${name}: empty message`, two.pemKey, Buffer.alloc(0), ecDer(ecSign(two, Buffer.alloc(0), `${name} 3`)));
    add("valid", `${name}: upper case hex`, key("ecdsa", c.scheme, hex(one.point).toUpperCase()), MESSAGE, hex(ecDer([r, s])).toUpperCase());
    for (let i = 0, short = false, full = false; !short || !full; i++) {
      const pair = ecSign(one, MESSAGE, `${name} length ${i}`);
      const longest = pair.every((v) => magnitude(v).length === c.size && magnitude(v)[0] >= 128);
      if (longest && !full) add("valid", `${name}: the longest DER`, one.pemKey, MESSAGE, ecDer(pair));
      full ||= longest;
      const shorter = pair.some((v) => magnitude(v).length < c.size);
      if (shorter && !short) add("valid", `${name}: a number shorter than the curve's scalars`, one.pemKey, MESSAGE, ecDer(pair));
      short ||= shorter;
    }
    add("invalid", `${name}: another message`, one.pemKey, OTHER, ecDer([r, s]));
    add("invalid", `${name}: another key`, two.pemKey, MESSAGE, ecDer([r, s]));
    add("invalid", `${name}: r and s exchanged`, one.pemKey, MESSAGE, ecDer([s, r]));
    add("invalid", `${name}: r negated`, one.pemKey, MESSAGE, ecDer([c.n - r, s]));
    add("invalid", `${name}: r = s = 1`, one.pemKey, MESSAGE, ecDer([1n, 1n]));
    add("invalid", `${name}: r = s = n - 1`, one.pemKey, MESSAGE, ecDer([c.n - 1n, c.n - 1n]));
    const wrongHash = { ...one, c: { ...c, hash: c.hash === "sha256" ? "sha384" : "sha256" } };
    if (c === P384) add("invalid", `${name}: signed with SHA-256`, one.pemKey, MESSAGE, ecDer(ecSign(wrongHash, MESSAGE, `${name} 4`)));

    // Valid but for the encoding: one whose r needs no zero byte, one whose r and s both do.
    const find = (fits) => {
      for (let i = 0; ; i++) {
        const pair = ecSign(one, MESSAGE, `${name} bits ${i}`);
        if (pair.every((v) => magnitude(v).length === c.size) && fits(...pair.map((v) => magnitude(v)[0] >= 128))) return pair;
      }
    };
    const plain = find((rHigh) => !rHigh);
    const tall = find((rHigh, sHigh) => rHigh && sHigh);
    const good = ecDer([r, s]);
    const body = good.subarray(2);
    const rAndS = [r, s];
    const bad = [
      ["empty", Buffer.alloc(0)],
      ["r and s joined, no DER", Buffer.concat([bytesOf(r, c.size), bytesOf(s, c.size)])],
      ["a trailing byte", Buffer.concat([good, ZERO])],
      ["a trailing byte inside the sequence", seq(body, ZERO)],
      ["a trailing element inside the sequence", seq(body, NULL)],
      ["a trailing sequence", Buffer.concat([ecDer([1n, 1n]), ecDer([1n, 1n])])],
      ["three integers", seq(int(1n), int(1n), int(1n))],
      ["one integer", seq(int(r))],
      ["length in the long form", Buffer.concat([Buffer.from([0x30, 0x81, body.length]), body])],
      ["length in two bytes, the first zero", Buffer.concat([Buffer.from([0x30, 0x82, 0, body.length]), body])],
      ["integer's length in the long form", seq(Buffer.concat([Buffer.from([2, 0x81, 1, 1])]), int(1n))],
      ["indefinite length", Buffer.concat([Buffer.from([0x30, 0x80]), ecDer([1n, 1n]).subarray(2), Buffer.from([0, 0])])],
      ["length one too great", Buffer.concat([Buffer.from([0x30, body.length + 1]), body])],
      ["length one too small", Buffer.concat([Buffer.from([0x30, body.length - 1]), body])],
      ["cut off", good.subarray(0, good.length - 1)],
      ["a needless zero byte before r", seq(der(2, ZERO, magnitude(plain[0])), int(plain[1]))],
      ["a needless zero byte before s", seq(int(plain[0]), der(2, ZERO, int(plain[1]).subarray(2)))],
      ["two zero bytes before r", seq(der(2, ZERO, ZERO, magnitude(tall[0])), int(tall[1]))],
      ["r without its zero byte (negative)", seq(der(2, magnitude(tall[0])), int(tall[1]))],
      ["s without its zero byte (negative)", seq(int(tall[0]), der(2, magnitude(tall[1])))],
      ["negative s", seq(int(r), der(2, Buffer.from([0xff])))],
      ["an integer without bytes", seq(der(2), int(s))],
      ["r = 0", seq(int(0n), int(s))],
      ["s = 0", seq(int(r), int(0n))],
      ["r = n", seq(int(c.n), int(s))],
      ["s = n", seq(int(r), int(c.n))],
      ["r + n", seq(int(r + c.n), int(s))],
      ["s + n", seq(int(r), int(s + c.n))],
      ["a set", der(0x31, body)],
      ["an octet string instead of an integer", seq(der(4, magnitude(1n)), int(s))],
      ["a sequence in a sequence", seq(good)],
      ["a bit string around it", bits(good)],
    ];
    must(rAndS.every((v) => v > 2n ** 32n), "ordinary numbers");
    for (const [what, bytes] of bad) add("bad-form", `${name}: ${what}`, one.pemKey, MESSAGE, bytes);
    add("bad-form", `${name}: hex with junk`, one.pemKey, MESSAGE, `${hex(good)}zz`);
    add("bad-form", `${name}: base64`, one.pemKey, MESSAGE, good.toString("base64"));
  }
  add("bad-form", "P-384: the longest P-256 form plus one", keys["P-256"][0].pemKey, MESSAGE, ecDer([P384.n - 1n, 1n]));
  write();
  return keys;
};

// ---------------------------------------------------------------- RSA

const prime = (name, size) => {
  for (let i = 0; ; i++) {
    // The two top bits are set, so that the product of two has exactly twice the bits.
    const value = (big(stream(`${name}/${i}`, Math.ceil(size / 8))) & (2n ** BigInt(size) - 1n)) | (3n << BigInt(size - 2)) | 1n;
    if (checkPrimeSync(value)) return value;
  }
};
const rsaKey = (size, e = 65537n) => {
  for (let i = 0; ; i++) {
    const name = `rsa/${size}/${e}/${i}`;
    const [p, q] = [prime(`${name}/p`, Math.ceil(size / 2)), prime(`${name}/q`, Math.floor(size / 2))];
    const phi = (p - 1n) * (q - 1n);
    if (phi % e === 0n) continue;
    const n = p * q;
    must(n.toString(2).length === size, "size of the modulus");
    return { n, e, d: inverse(e, phi), size, length: Math.ceil(size / 8), tuf: key("rsa", "rsassa-pss-sha256", pem(rsaSpki(n, e))) };
  }
};
const mgf1 = (hash, seed, length) => {
  const blocks = [];
  for (let i = 0; i * 20 < length; i++) blocks.push(sha(hash, seed, bytesOf(BigInt(i), 4)));
  return Buffer.concat(blocks).subarray(0, length);
};
/** EMSA-PSS; `spoil` may change the data block before it is masked, `spoilEncoded` the result. */
const pssEncode = (size, message, salt, { hash = "sha256", mgf = hash, spoil, spoilEncoded } = {}) => {
  const length = Math.ceil((size - 1) / 8);
  const h = sha(hash, Buffer.alloc(8), sha(hash, message), salt);
  const block = Buffer.alloc(length - h.length - 1);
  must(block.length >= salt.length + 1, "the salt fits");
  block[block.length - salt.length - 1] = 1;
  salt.copy(block, block.length - salt.length);
  spoil?.(block);
  const mask = mgf1(mgf, h, block.length);
  const encoded = Buffer.concat([Buffer.from(block.map((byte, i) => byte ^ mask[i])), h, Buffer.from([0xbc])]);
  encoded[0] &= 0xff >> (8 * length - (size - 1));
  spoilEncoded?.(encoded);
  return encoded;
};
const rsaRaw = (k, encoded) => {
  must(big(encoded) < k.n, "encoded below the modulus");
  return bytesOf(power(big(encoded), k.d, k.n), k.length);
};
const pssSign = (k, message, saltLength, options = {}) =>
  rsaRaw(k, pssEncode(k.size, message, stream(`salt ${k.size} ${saltLength} ${options.more ?? ""}`, saltLength), options));

const rsaFiles = () => {
  const { add, write } = file("rsa-pss");
  const keys = [rsaKey(2048), rsaKey(3072), rsaKey(4096), rsaKey(2048, 3n), rsaKey(2049), rsaKey(2055), rsaKey(2048, 4294967291n)];
  for (const k of keys) {
    const title = `RSA-${k.size}, e = ${k.e}`;
    const max = Math.ceil((k.size - 1) / 8) - 34;
    for (const salt of new Set([0, 1, 20, 32, 64, 222, max])) {
      if (salt <= max) add("valid", `${title}: salt of ${salt} bytes`, k.tuf, MESSAGE, pssSign(k, MESSAGE, salt));
    }
    const good = pssSign(k, MESSAGE, 32);
    add("invalid", `${title}: another message`, k.tuf, OTHER, good);
    add("bad-form", `${title}: one byte short`, k.tuf, MESSAGE, good.subarray(1));
    add("bad-form", `${title}: one byte more`, k.tuf, MESSAGE, Buffer.concat([good, ZERO]));
    add("bad-form", `${title}: a zero byte before it`, k.tuf, MESSAGE, Buffer.concat([ZERO, good]));
    add("bad-form", `${title}: the modulus itself`, k.tuf, MESSAGE, bytesOf(k.n, k.length));
  }
  const [k, k3072] = keys;
  const good = pssSign(k, MESSAGE, 32);
  add("valid", "second, different signature", k.tuf, MESSAGE, pssSign(k, MESSAGE, 32, { more: "again" }));
  add("valid", "upper case hex", k.tuf, MESSAGE, hex(good).toUpperCase());
  add("valid", "empty message", k.tuf, Buffer.alloc(0), pssSign(k, Buffer.alloc(0), 32));
  add("invalid", "another key of the same size", keys[3].tuf, MESSAGE, big(good) < keys[3].n ? good : pssSign(keys[6], MESSAGE, 32));
  add("bad-form", "a key of another size", k3072.tuf, MESSAGE, good);
  const wide = keys[4]; // its modulus has one bit more than whole bytes
  add("bad-form", "s + n", wide.tuf, MESSAGE, bytesOf(big(pssSign(wide, MESSAGE, 32)) + wide.n, wide.length));
  add("bad-form", "empty", k.tuf, MESSAGE, "");
  add("bad-form", "hex with junk", k.tuf, MESSAGE, `${hex(good).slice(0, -2)}\n\n`);
  add("invalid", "zero", k.tuf, MESSAGE, Buffer.alloc(256));
  add("invalid", "one", k.tuf, MESSAGE, bytesOf(1n, 256));
  add("invalid", "n - s", k.tuf, MESSAGE, bytesOf(k.n - big(good), 256));
  add("invalid", "with SHA-1", k.tuf, MESSAGE, pssSign(k, MESSAGE, 20, { hash: "sha1" }));
  add("invalid", "with SHA-384", k.tuf, MESSAGE, pssSign(k, MESSAGE, 48, { hash: "sha384" }));
  add("invalid", "with SHA-512/256 (same length)", k.tuf, MESSAGE, pssSign(k, MESSAGE, 32, { hash: "sha512-256" }));
  add("invalid", "with MGF1 of SHA-1", k.tuf, MESSAGE, pssSign(k, MESSAGE, 32, { mgf: "sha1" }));
  const digestInfo = Buffer.concat([Buffer.from("3031300d060960864801650304020105000420", "hex"), sha("sha256", MESSAGE)]);
  const v15 = Buffer.concat([Buffer.from([0, 1]), Buffer.alloc(256 - 3 - digestInfo.length, 0xff), ZERO, digestInfo]);
  add("invalid", "PKCS#1 v1.5", k.tuf, MESSAGE, rsaRaw(k, v15));
  const spoiled = [
    ["padding with a byte that is not zero", { spoil: (block) => { block[3] = 2; } }],
    ["the separator is 2", { spoil: (block) => { block[block.length - 33] = 2; } }],
    ["no separator, all zero", { spoil: (block) => { block.fill(0); } }],
    ["another trailer", { spoilEncoded: (encoded) => { encoded[encoded.length - 1] = 0xcc; } }],
    ["the unused bit set", { spoilEncoded: (encoded) => { encoded[0] |= 0x80; } }],
    ["a salt other than the one hashed", { spoil: (block) => { block[block.length - 1] ^= 1; } }],
    ["a salt one byte longer than the one hashed", { spoil: (block) => { block[block.length - 33] = 9; block[block.length - 34] = 1; } }],
  ];
  for (const [what, options] of spoiled) {
    for (let i = 0; ; i++) {
      const message = text(`message ${i}`);
      const encoded = pssEncode(2048, message, stream(`spoiled ${what} ${i}`, 32), options);
      if (big(encoded) >= k.n) continue;
      add("invalid", `encoded wrongly: ${what}`, k.tuf, message, rsaRaw(k, encoded));
      break;
    }
  }
  // The encoded message of that key is a byte shorter than the modulus, and the byte before it must be zero.
  for (let i = 0; ; i++) {
    const message = text(`message ${i}`);
    const value = big(pssEncode(2049, message, stream(`overflow ${i}`, 32))) + 2n ** 2048n;
    if (value >= wide.n) continue;
    const sig = bytesOf(power(value, wide.d, wide.n), wide.length);
    add("invalid", "encoded message with a byte 01 before it", wide.tuf, message, sig);
    break;
  }
  write();
  return keys;
};

// ---------------------------------------------------------------- keys

const keyFile = (ed, ec, rsa) => {
  const [p256, p384, r] = [ec["P-256"][0], ec["P-384"][0], rsa[0]];
  const p256Spki = ecSpki(OID.p256, p256.point);
  const rsaDer = rsaSpki(r.n, r.e);
  const encodings = (keytypes, scheme, spki) =>
    keytypes.flatMap((keytype) =>
      [
        pem(spki),
        pem(spki).trimEnd(),
        pem(spki, { eol: "\r\n" }),
        pem(spki, { eol: "\r" }),
        pem(spki, { width: 1 }),
        pem(spki, { width: 76 }),
        pem(spki, { width: 10000 }),
        pem(spki, { eol: "\n\n" }),
        `\r\n\t ${pem(spki)} \n`,
      ].map((value) => key(keytype, scheme, value)),
    );
  const ecEncodings = ({ c, point }) => [
    ...encodings(["ecdsa", c.scheme], c.scheme, ecSpki(c.oidOf, point)),
    ...["ecdsa", c.scheme].flatMap((keytype) => [hex(point), hex(point).toUpperCase()].map((value) => key(keytype, c.scheme, value))),
  ];
  const extra = { ...key("ed25519", "ed25519", hex(ed.keys[0])), keyid_hash_algorithms: ["sha256"], "x-note": "other member" };
  const same = [
    { kind: "ed25519", identity: `ed25519:${hex(ed.keys[0])}`, keys: [key("ed25519", "ed25519", hex(ed.keys[0])), key("ed25519", "ed25519", hex(ed.keys[0]).toUpperCase()), extra, { ...extra, keyval: { "x-note": 1, public: hex(ed.keys[0]) } }] },
    { kind: "ecdsa-p256", identity: `p256:${hex(p256.point)}`, keys: ecEncodings(p256) },
    { kind: "ecdsa-p384", identity: `p384:${hex(p384.point)}`, keys: ecEncodings(p384) },
    ...rsa.map((k) => ({ kind: "rsa-pss-sha256", identity: `rsa:${k.n.toString(16)}:${k.e.toString(16)}`, keys: encodings(["rsa"], "rsassa-pss-sha256", rsaSpki(k.n, k.e)) })),
    ...[2n ** 8191n + 1n, 2n ** 2047n + 1n].map((n) => ({ kind: "rsa-pss-sha256", identity: `rsa:${n.toString(16)}:ffffffff`, keys: encodings(["rsa"], "rsassa-pss-sha256", rsaSpki(n, 2n ** 32n - 1n)) })),
  ];

  const malformed = [];
  const bad = (name, reason, tufKey) => malformed.push({ name, reason, key: tufKey });
  const badEd = (name, reason, value) => bad(`ed25519: ${name}`, reason, key("ed25519", "ed25519", value));
  badEd("empty", "64 hex digits", "");
  badEd("31 bytes", "64 hex digits", hex(ed.keys[0]).slice(2));
  badEd("33 bytes", "64 hex digits", `${hex(ed.keys[0])}00`);
  badEd("not hex", "64 hex digits", `${hex(ed.keys[0]).slice(1)}g`);
  badEd("0x", "64 hex digits", `0x${hex(ed.keys[0]).slice(2)}`);
  badEd("line feed", "64 hex digits", `${hex(ed.keys[0])}\n`);
  badEd("PEM", "64 hex digits", pem(seq(seq(OID.ed25519), bits(ed.keys[0]))));
  badEd("no point", "not a point on the curve", hex(ed.noPoint));
  for (const [what, bytes] of ed.doubles) badEd(what, "not canonically encoded", hex(bytes));
  badEd("mixed order", "prime order group", hex(ed.mixedBytes));
  for (const [what, bytes] of ed.small) badEd(what, what.includes("canonical") ? "canonical" : "small order", hex(bytes));
  bad("ed25519: no public", "no public part", { keytype: "ed25519", scheme: "ed25519", keyval: {} });
  bad("ed25519: a number", "no public part", key("ed25519", "ed25519", 5));
  bad("ed25519: null", "no public part", key("ed25519", "ed25519", null));
  bad("ed25519: an array", "no public part", key("ed25519", "ed25519", [hex(ed.keys[0])]));
  bad("rsa: only a private part", "no public part", { keytype: "rsa", scheme: "rsassa-pss-sha256", keyval: { private: "x" } });

  const badEc = (name, reason, value, c = P256) => bad(`${c === P256 ? "P-256" : "P-384"}: ${name}`, reason, key("ecdsa", c.scheme, value));
  const flip = (bytes, at, mask = 1) => {
    const copy = Buffer.from(bytes);
    copy[at] ^= mask;
    return copy;
  };
  for (const { c, point } of [p256, p384]) {
    const [x, y] = [point.subarray(1, c.size + 1), point.subarray(c.size + 1)];
    const name = c === P256 ? "P-256" : "P-384";
    // A point whose x is so small that x + p still fits: the equation holds, only the range is wrong.
    let tiny = 1n;
    const root = (v) => power(v, (c.p + 1n) / 4n, c.p);
    const rhs = (v) => mod(v * v * v - 3n * v + c.b, c.p);
    while (root(rhs(tiny)) ** 2n % c.p !== rhs(tiny)) tiny++;
    const aboveX = Buffer.concat([Buffer.from([4]), bytesOf(tiny + c.p, c.size), bytesOf(root(rhs(tiny)), c.size)]);
    // The same with y: x is a root of x^3 - 3x + b - y^2, found as gcd(x^p - x, that) where it has one.
    let [low, x0] = [1n, undefined];
    for (; x0 === undefined; low++) x0 = cubicRoot(mod(c.b - low * low, c.p), c.p);
    low--;
    must(rhs(x0) === mod(low * low, c.p), "a point with a small y");
    const aboveY = Buffer.concat([Buffer.from([4]), bytesOf(x0, c.size), bytesOf(low + c.p, c.size)]);
    const points = [
      ["y + p", "out of range", aboveY],
      ["compressed", "compressed", Buffer.concat([Buffer.from([2 + (y.at(-1) & 1)]), x])],
      ["off the curve (y)", `not a point on ${name}`, flip(point, point.length - 1)],
      ["off the curve (x)", `not a point on ${name}`, flip(point, 5)],
      ["x and y exchanged", `not a point on ${name}`, Buffer.concat([Buffer.from([4]), y, x])],
      ["zero", `not a point on ${name}`, Buffer.concat([Buffer.from([4]), Buffer.alloc(2 * c.size)])],
      ["x + p", "out of range", aboveX],
      ["all bits", "out of range", Buffer.concat([Buffer.from([4]), Buffer.alloc(2 * c.size, 255)])],
      ["infinity", "not an uncompressed", ZERO],
      ["hybrid", "not an uncompressed", Buffer.concat([Buffer.from([6 + (y.at(-1) & 1)]), x, y])],
      ["without 04", "not an uncompressed", point.subarray(1)],
      ["one byte short", "not an uncompressed", point.subarray(0, -1)],
    ];
    for (const [what, reason, bytes] of points) {
      badEc(`${what}, hex`, reason, hex(bytes), c);
      badEc(`${what}, PEM`, reason, pem(ecSpki(c.oidOf, bytes)), c);
    }
    badEc("one byte more, PEM", "not an uncompressed", pem(ecSpki(c.oidOf, Buffer.concat([point, ZERO]))), c);
    badEc("hex with junk", "exactly one PEM block", `${hex(point)}zz`, c);
  }
  badEc("one byte more, hex", "exactly one PEM block", `${hex(p256.point)}00`);
  badEc("empty", "not an uncompressed", "");
  badEc("P-384 point in hex", "PEM", hex(p384.point));
  badEc("P-256 point in hex", "not an uncompressed", hex(p256.point), P384);
  badEc("P-384 PEM", "on P-384, but the scheme needs P-256", pem(ecSpki(OID.p384, p384.point)));
  badEc("P-256 PEM", "on P-256, but the scheme needs P-384", pem(p256Spki), P384);
  badEc("RSA PEM", "an RSA key, but", pem(rsaDer));
  badEc("P-384 point named P-256", "not an uncompressed P-256", pem(ecSpki(OID.p256, p384.point)));
  badEc("P-521", "neither P-256 nor P-384", pem(ecSpki(OID.p521, Buffer.concat([Buffer.from([4]), Buffer.alloc(132, 1)]))));
  badEc("secp256k1", "neither P-256 nor P-384", pem(ecSpki(OID.k256, p256.point)));
  badEc("explicit parameters", "does not name its curve", pem(seq(seq(OID.ec, seq(int(1n))), bits(p256.point))));
  badEc("implicit curve", "does not name its curve", pem(seq(seq(OID.ec, NULL), bits(p256.point))));
  badEc("no parameters", "strict DER", pem(seq(seq(OID.ec), bits(p256.point))));
  badEc("Ed25519 key", "strict DER", pem(seq(seq(OID.ed25519), bits(ed.keys[0]))));
  badEc("unused bits", "strict DER", pem(seq(seq(OID.ec, OID.p256), der(3, Buffer.from([4]), p256.point))));
  badEc("octet string", "strict DER", pem(seq(seq(OID.ec, OID.p256), der(4, p256.point))));
  badEc("no key", "strict DER", pem(seq(seq(OID.ec, OID.p256))));
  badEc("a third element", "strict DER", pem(seq(seq(OID.ec, OID.p256), bits(p256.point), NULL)));
  badEc("a third element in the algorithm", "strict DER", pem(seq(seq(OID.ec, OID.p256, NULL), bits(p256.point))));
  badEc("trailing DER bytes", "strict DER", pem(Buffer.concat([p256Spki, ZERO])));
  badEc("a second SPKI behind it", "strict DER", pem(Buffer.concat([p256Spki, p256Spki])));
  badEc("length not minimal", "strict DER", pem(Buffer.concat([Buffer.from([0x30, 0x81]), p256Spki.subarray(1)])));
  badEc("inner length not minimal", "strict DER", pem(seq(seq(OID.ec, OID.p256), Buffer.concat([Buffer.from([3, 0x81, 66, 0]), p256.point]))));
  badEc("indefinite length", "strict DER", pem(Buffer.concat([Buffer.from([0x30, 0x80]), p256Spki.subarray(2), Buffer.alloc(2)])));
  badEc("cut off", "strict DER", pem(p256Spki.subarray(0, -1)));
  badEc("a set", "strict DER", pem(der(0x31, p256Spki.subarray(2))));
  badEc("empty block", "strict DER", "-----BEGIN PUBLIC KEY-----\n\n-----END PUBLIC KEY-----\n");

  // The frame of a PEM text is the same for all kinds.
  const good = pem(p256Spki);
  const base64 = p256Spki.toString("base64");
  must(p256Spki.length % 3 === 1, "the base64 ends in two padding characters");
  badEc("two blocks", "more than one block", good + good);
  badEc("two different blocks", "more than one block", good + pem(ecSpki(OID.p256, ec["P-256"][1].point)));
  badEc("junk before", "exactly one PEM block", `junk\n${good}`);
  badEc("junk after", "exactly one PEM block", `${good}junk`);
  badEc("NUL after", "exactly one PEM block", `${good}\0`);
  badEc("no-break space before", "exactly one PEM block", `\u00a0${good}`);
  badEc("byte order mark", "exactly one PEM block", `\ufeff${good}`);
  badEc("headers inside", "exactly one PEM block", good.replace("-----\n", "-----\nProc-Type: 4,CLEAR\n\n"));
  badEc("spaces inside", "exactly one PEM block", good.replace("\nM", "\n M"));
  badEc("no line break after the first line", "exactly one PEM block", good.replace("-----\n", "-----"));
  badEc("no last line", "exactly one PEM block", good.slice(0, good.indexOf("-----END")));
  badEc("another last line", "exactly one PEM block", good.replace("END PUBLIC", "END EC"));
  badEc("label in lower case", "exactly one PEM block", good.replaceAll("PUBLIC KEY", "public key"));
  badEc("no frame", "exactly one PEM block", base64);
  badEc("missing padding", "base64", wrap(base64.replaceAll("=", "")));
  badEc("half the padding", "base64", wrap(base64.slice(0, -1)));
  badEc("too much padding", "base64", wrap(`${base64}=`));
  badEc("padding in the middle", "base64", wrap(`MA==${base64}`));
  const digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  badEc("bits left over", "base64", wrap(`${base64.slice(0, -3)}${digits[digits.indexOf(base64.at(-3)) + 1]}==`));
  badEc("URL-safe base64", "exactly one PEM block", wrap(p256Spki.toString("base64").replace("A", "_")));
  badEc("certificate", "not labelled PUBLIC KEY", pem(p256Spki, { label: "CERTIFICATE" }));
  badEc("labelled EC PUBLIC KEY", "not labelled PUBLIC KEY", pem(p256Spki, { label: "EC PUBLIC KEY" }));
  for (const label of ["PRIVATE KEY", "EC PRIVATE KEY", "ENCRYPTED PRIVATE KEY", "OPENSSH PRIVATE KEY"]) {
    badEc(label, "private key was given", pem(seq(int(1n), der(4, bytesOf(p256.d, 32))), { label }));
  }
  badEc("private key behind the public one", "private key was given", good + pem(seq(int(1n)), { label: "PRIVATE KEY" }));

  const badRsa = (name, reason, value) => bad(`RSA: ${name}`, reason, key("rsa", "rsassa-pss-sha256", value));
  const numbers = (...parts) => pem(seq(seq(OID.rsa, NULL), bits(seq(...parts))));
  badRsa("hex", "exactly one PEM block", hex(rsaDer));
  badRsa("EC key", "an EC key, but", good);
  badRsa("PKCS#1", "not labelled PUBLIC KEY", pem(seq(int(r.n), int(r.e)), { label: "RSA PUBLIC KEY" }));
  badRsa("PKCS#1 labelled PUBLIC KEY", "strict DER", pem(seq(int(r.n), int(r.e))));
  badRsa("private key", "private key was given", pem(seq(int(0n), int(r.n), int(r.e)), { label: "RSA PRIVATE KEY" }));
  badRsa("id-RSASSA-PSS", "neither id-ecPublicKey nor rsaEncryption", pem(seq(seq(OID.pss, NULL), bits(seq(int(r.n), int(r.e))))));
  badRsa("no parameters", "strict DER", pem(seq(seq(OID.rsa), bits(seq(int(r.n), int(r.e))))));
  badRsa("parameters not NULL", "strict DER", pem(seq(seq(OID.rsa, seq()), bits(seq(int(r.n), int(r.e))))));
  badRsa("NULL with content", "strict DER", pem(seq(seq(OID.rsa, der(5, ZERO)), bits(seq(int(r.n), int(r.e))))));
  badRsa("three numbers", "strict DER", numbers(int(r.n), int(r.e), int(1n)));
  badRsa("one number", "strict DER", numbers(int(r.n)));
  badRsa("bytes behind the numbers", "strict DER", pem(seq(seq(OID.rsa, NULL), bits(seq(int(r.n), int(r.e)), ZERO))));
  badRsa("negative modulus", "strict DER", numbers(der(2, magnitude(r.n)), int(r.e)));
  badRsa("modulus with a needless zero byte", "strict DER", numbers(der(2, ZERO, ZERO, magnitude(r.n)), int(r.e)));
  badRsa("exponent with a needless zero byte", "strict DER", numbers(int(r.n), der(2, ZERO, magnitude(r.e))));
  badRsa("negative exponent", "strict DER", numbers(int(r.n), der(2, Buffer.from([0x83]))));
  badRsa("length in three bytes", "strict DER", pem(Buffer.concat([Buffer.from([0x30, 0x83, 0]), rsaDer.subarray(2)])));
  for (const size of [512n, 1024n, 2047n]) badRsa(`${size} bits`, `has ${size} bits`, numbers(int(2n ** (size - 1n) + 1n), int(r.e)));
  badRsa("8193 bits", "has 8193 bits", numbers(int(2n ** 8192n + 1n), int(r.e)));
  badRsa("modulus zero", "has 1 bits", numbers(int(0n), int(r.e)));
  badRsa("even modulus", "even", numbers(int(r.n + 1n), int(r.e)));
  for (const e of [0n, 1n, 2n, 65536n, 2n ** 32n, 2n ** 32n + 1n]) badRsa(`e = ${e}`, "exponent", numbers(int(r.n), int(e)));
  must(new Set(malformed.map((m) => m.name)).size === malformed.length, "a name twice in keys");
  save("keys", { same, malformed });
};

keyFile(ed25519Files(), ecdsaFiles(), rsaFiles());
