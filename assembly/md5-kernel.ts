/**
 * The inner loop of MD5 (RFC 1321, 3.4) for two states at once, in AssemblyScript. `npm run kernel` compiles it to
 * src/hashing/md5-kernel.ts.
 *
 * Each step of MD5 depends on the step before it, so the processor is mostly idle. A second state over the same words costs
 * little more (`npm run bench -- hashing`).
 *
 * Memory: the state of the block at address 0, the state of the blob at 16 (four words each), the bytes to hash from 64 on.
 */

/** Address of the state of the blob. The state of the block is at 0. */
const BLOB: usize = 16;

/** Bytes that MD5 processes together. */
const CHUNK_BYTES: usize = 64;

// One step of each round. `w` is a word plus the constant T of the step. `b` is computed last, so only few operations depend on it.

@inline
function ff(a: u32, b: u32, c: u32, d: u32, w: u32, s: u32): u32 {
  return rotl<u32>(a + w + (((c ^ d) & b) ^ d), s) + b;
}

@inline
function gg(a: u32, b: u32, c: u32, d: u32, w: u32, s: u32): u32 {
  // The RFC combines both halves with `or`. They have no common bits, so they can be added, one before `b` is known.
  return rotl<u32>(a + w + (~d & c) + (d & b), s) + b;
}

@inline
function hh(a: u32, b: u32, c: u32, d: u32, w: u32, s: u32): u32 {
  return rotl<u32>(a + w + ((c ^ d) ^ b), s) + b;
}

@inline
function ii(a: u32, b: u32, c: u32, d: u32, w: u32, s: u32): u32 {
  return rotl<u32>(a + w + ((~d | b) ^ c), s) + b;
}

/**
 * Updates both states with whole chunks.
 * @param start address of the first chunk
 * @param end address after the last chunk
 */
export function update(start: usize, end: usize): void {
  // The state of the block is a, b, c, d, and the state of the blob is e, f, g, h.
  let a = load<u32>(0), b = load<u32>(4), c = load<u32>(8), d = load<u32>(12);
  let e = load<u32>(BLOB), f = load<u32>(BLOB, 4), g = load<u32>(BLOB, 8), h = load<u32>(BLOB, 12);

  for (let x = start; x < end; x += CHUNK_BYTES) {
    const a0 = a, b0 = b, c0 = c, d0 = d, e0 = e, f0 = f, g0 = g, h0 = h;
    let w: u32;

    w = load<u32>(x, 0) + 0xd76aa478; a = ff(a, b, c, d, w, 7); e = ff(e, f, g, h, w, 7);
    w = load<u32>(x, 4) + 0xe8c7b756; d = ff(d, a, b, c, w, 12); h = ff(h, e, f, g, w, 12);
    w = load<u32>(x, 8) + 0x242070db; c = ff(c, d, a, b, w, 17); g = ff(g, h, e, f, w, 17);
    w = load<u32>(x, 12) + 0xc1bdceee; b = ff(b, c, d, a, w, 22); f = ff(f, g, h, e, w, 22);
    w = load<u32>(x, 16) + 0xf57c0faf; a = ff(a, b, c, d, w, 7); e = ff(e, f, g, h, w, 7);
    w = load<u32>(x, 20) + 0x4787c62a; d = ff(d, a, b, c, w, 12); h = ff(h, e, f, g, w, 12);
    w = load<u32>(x, 24) + 0xa8304613; c = ff(c, d, a, b, w, 17); g = ff(g, h, e, f, w, 17);
    w = load<u32>(x, 28) + 0xfd469501; b = ff(b, c, d, a, w, 22); f = ff(f, g, h, e, w, 22);
    w = load<u32>(x, 32) + 0x698098d8; a = ff(a, b, c, d, w, 7); e = ff(e, f, g, h, w, 7);
    w = load<u32>(x, 36) + 0x8b44f7af; d = ff(d, a, b, c, w, 12); h = ff(h, e, f, g, w, 12);
    w = load<u32>(x, 40) + 0xffff5bb1; c = ff(c, d, a, b, w, 17); g = ff(g, h, e, f, w, 17);
    w = load<u32>(x, 44) + 0x895cd7be; b = ff(b, c, d, a, w, 22); f = ff(f, g, h, e, w, 22);
    w = load<u32>(x, 48) + 0x6b901122; a = ff(a, b, c, d, w, 7); e = ff(e, f, g, h, w, 7);
    w = load<u32>(x, 52) + 0xfd987193; d = ff(d, a, b, c, w, 12); h = ff(h, e, f, g, w, 12);
    w = load<u32>(x, 56) + 0xa679438e; c = ff(c, d, a, b, w, 17); g = ff(g, h, e, f, w, 17);
    w = load<u32>(x, 60) + 0x49b40821; b = ff(b, c, d, a, w, 22); f = ff(f, g, h, e, w, 22);

    w = load<u32>(x, 4) + 0xf61e2562; a = gg(a, b, c, d, w, 5); e = gg(e, f, g, h, w, 5);
    w = load<u32>(x, 24) + 0xc040b340; d = gg(d, a, b, c, w, 9); h = gg(h, e, f, g, w, 9);
    w = load<u32>(x, 44) + 0x265e5a51; c = gg(c, d, a, b, w, 14); g = gg(g, h, e, f, w, 14);
    w = load<u32>(x, 0) + 0xe9b6c7aa; b = gg(b, c, d, a, w, 20); f = gg(f, g, h, e, w, 20);
    w = load<u32>(x, 20) + 0xd62f105d; a = gg(a, b, c, d, w, 5); e = gg(e, f, g, h, w, 5);
    w = load<u32>(x, 40) + 0x02441453; d = gg(d, a, b, c, w, 9); h = gg(h, e, f, g, w, 9);
    w = load<u32>(x, 60) + 0xd8a1e681; c = gg(c, d, a, b, w, 14); g = gg(g, h, e, f, w, 14);
    w = load<u32>(x, 16) + 0xe7d3fbc8; b = gg(b, c, d, a, w, 20); f = gg(f, g, h, e, w, 20);
    w = load<u32>(x, 36) + 0x21e1cde6; a = gg(a, b, c, d, w, 5); e = gg(e, f, g, h, w, 5);
    w = load<u32>(x, 56) + 0xc33707d6; d = gg(d, a, b, c, w, 9); h = gg(h, e, f, g, w, 9);
    w = load<u32>(x, 12) + 0xf4d50d87; c = gg(c, d, a, b, w, 14); g = gg(g, h, e, f, w, 14);
    w = load<u32>(x, 32) + 0x455a14ed; b = gg(b, c, d, a, w, 20); f = gg(f, g, h, e, w, 20);
    w = load<u32>(x, 52) + 0xa9e3e905; a = gg(a, b, c, d, w, 5); e = gg(e, f, g, h, w, 5);
    w = load<u32>(x, 8) + 0xfcefa3f8; d = gg(d, a, b, c, w, 9); h = gg(h, e, f, g, w, 9);
    w = load<u32>(x, 28) + 0x676f02d9; c = gg(c, d, a, b, w, 14); g = gg(g, h, e, f, w, 14);
    w = load<u32>(x, 48) + 0x8d2a4c8a; b = gg(b, c, d, a, w, 20); f = gg(f, g, h, e, w, 20);

    w = load<u32>(x, 20) + 0xfffa3942; a = hh(a, b, c, d, w, 4); e = hh(e, f, g, h, w, 4);
    w = load<u32>(x, 32) + 0x8771f681; d = hh(d, a, b, c, w, 11); h = hh(h, e, f, g, w, 11);
    w = load<u32>(x, 44) + 0x6d9d6122; c = hh(c, d, a, b, w, 16); g = hh(g, h, e, f, w, 16);
    w = load<u32>(x, 56) + 0xfde5380c; b = hh(b, c, d, a, w, 23); f = hh(f, g, h, e, w, 23);
    w = load<u32>(x, 4) + 0xa4beea44; a = hh(a, b, c, d, w, 4); e = hh(e, f, g, h, w, 4);
    w = load<u32>(x, 16) + 0x4bdecfa9; d = hh(d, a, b, c, w, 11); h = hh(h, e, f, g, w, 11);
    w = load<u32>(x, 28) + 0xf6bb4b60; c = hh(c, d, a, b, w, 16); g = hh(g, h, e, f, w, 16);
    w = load<u32>(x, 40) + 0xbebfbc70; b = hh(b, c, d, a, w, 23); f = hh(f, g, h, e, w, 23);
    w = load<u32>(x, 52) + 0x289b7ec6; a = hh(a, b, c, d, w, 4); e = hh(e, f, g, h, w, 4);
    w = load<u32>(x, 0) + 0xeaa127fa; d = hh(d, a, b, c, w, 11); h = hh(h, e, f, g, w, 11);
    w = load<u32>(x, 12) + 0xd4ef3085; c = hh(c, d, a, b, w, 16); g = hh(g, h, e, f, w, 16);
    w = load<u32>(x, 24) + 0x04881d05; b = hh(b, c, d, a, w, 23); f = hh(f, g, h, e, w, 23);
    w = load<u32>(x, 36) + 0xd9d4d039; a = hh(a, b, c, d, w, 4); e = hh(e, f, g, h, w, 4);
    w = load<u32>(x, 48) + 0xe6db99e5; d = hh(d, a, b, c, w, 11); h = hh(h, e, f, g, w, 11);
    w = load<u32>(x, 60) + 0x1fa27cf8; c = hh(c, d, a, b, w, 16); g = hh(g, h, e, f, w, 16);
    w = load<u32>(x, 8) + 0xc4ac5665; b = hh(b, c, d, a, w, 23); f = hh(f, g, h, e, w, 23);

    w = load<u32>(x, 0) + 0xf4292244; a = ii(a, b, c, d, w, 6); e = ii(e, f, g, h, w, 6);
    w = load<u32>(x, 28) + 0x432aff97; d = ii(d, a, b, c, w, 10); h = ii(h, e, f, g, w, 10);
    w = load<u32>(x, 56) + 0xab9423a7; c = ii(c, d, a, b, w, 15); g = ii(g, h, e, f, w, 15);
    w = load<u32>(x, 20) + 0xfc93a039; b = ii(b, c, d, a, w, 21); f = ii(f, g, h, e, w, 21);
    w = load<u32>(x, 48) + 0x655b59c3; a = ii(a, b, c, d, w, 6); e = ii(e, f, g, h, w, 6);
    w = load<u32>(x, 12) + 0x8f0ccc92; d = ii(d, a, b, c, w, 10); h = ii(h, e, f, g, w, 10);
    w = load<u32>(x, 40) + 0xffeff47d; c = ii(c, d, a, b, w, 15); g = ii(g, h, e, f, w, 15);
    w = load<u32>(x, 4) + 0x85845dd1; b = ii(b, c, d, a, w, 21); f = ii(f, g, h, e, w, 21);
    w = load<u32>(x, 32) + 0x6fa87e4f; a = ii(a, b, c, d, w, 6); e = ii(e, f, g, h, w, 6);
    w = load<u32>(x, 60) + 0xfe2ce6e0; d = ii(d, a, b, c, w, 10); h = ii(h, e, f, g, w, 10);
    w = load<u32>(x, 24) + 0xa3014314; c = ii(c, d, a, b, w, 15); g = ii(g, h, e, f, w, 15);
    w = load<u32>(x, 52) + 0x4e0811a1; b = ii(b, c, d, a, w, 21); f = ii(f, g, h, e, w, 21);
    w = load<u32>(x, 16) + 0xf7537e82; a = ii(a, b, c, d, w, 6); e = ii(e, f, g, h, w, 6);
    w = load<u32>(x, 44) + 0xbd3af235; d = ii(d, a, b, c, w, 10); h = ii(h, e, f, g, w, 10);
    w = load<u32>(x, 8) + 0x2ad7d2bb; c = ii(c, d, a, b, w, 15); g = ii(g, h, e, f, w, 15);
    w = load<u32>(x, 36) + 0xeb86d391; b = ii(b, c, d, a, w, 21); f = ii(f, g, h, e, w, 21);

    a += a0; b += b0; c += c0; d += d0;
    e += e0; f += f0; g += g0; h += h0;
  }

  store<u32>(0, a); store<u32>(4, b); store<u32>(8, c); store<u32>(12, d);
  store<u32>(BLOB, e); store<u32>(BLOB, f, 4); store<u32>(BLOB, g, 8); store<u32>(BLOB, h, 12);
}
