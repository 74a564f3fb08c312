/** Pictures of pages in 256 colours: a third of the bytes, and nobody sees the difference. */
import { crc32, deflateSync, inflateSync } from 'node:zlib';

/** Pixels, three bytes each. */
interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly rgb: Uint8Array;
}

const SIGNATURE = 8;
/** Bytes of a pixel by the colour types that Chromium writes. */
const CHANNELS: Readonly<Record<number, number>> = { 2: 3, 6: 4 };

function chunksOf(png: Buffer): ReadonlyMap<string, Buffer> {
  const chunks = new Map<string, Buffer>();
  for (let at = SIGNATURE; at < png.length; at += 12 + png.readUInt32BE(at)) {
    const name = png.toString('latin1', at + 4, at + 8);
    const data = png.subarray(at + 8, at + 8 + png.readUInt32BE(at));
    chunks.set(name, Buffer.concat([chunks.get(name) ?? Buffer.alloc(0), data]));
  }
  return chunks;
}

function paeth(left: number, up: number, corner: number): number {
  const guess = left + up - corner;
  const [byLeft, byUp, byCorner] = [Math.abs(guess - left), Math.abs(guess - up), Math.abs(guess - corner)];
  if (byLeft <= byUp && byLeft <= byCorner) return left;
  return byUp <= byCorner ? up : corner;
}

/** What a filter (PNG specification, 9) took off a byte. */
function predicted(filter: number, left: number, up: number, corner: number): number {
  switch (filter) {
    case 1:
      return left;
    case 2:
      return up;
    case 3:
      return (left + up) >> 1;
    case 4:
      return paeth(left, up, corner);
    default:
      return 0;
  }
}

function unfilter(data: Buffer, stride: number, channels: number): Uint8Array {
  const rows = data.length / (stride + 1);
  const raw = new Uint8Array(rows * stride);
  for (let row = 0; row < rows; row += 1) {
    const filter = data[row * (stride + 1)] ?? 0;
    const start = row * stride;
    for (let index = 0; index < stride; index += 1) {
      const left = index < channels ? 0 : (raw[start + index - channels] ?? 0);
      const up = row === 0 ? 0 : (raw[start + index - stride] ?? 0);
      const corner = row === 0 || index < channels ? 0 : (raw[start + index - stride - channels] ?? 0);
      raw[start + index] = (data[row * (stride + 1) + 1 + index] ?? 0) + predicted(filter, left, up, corner);
    }
  }
  return raw;
}

function decode(png: Buffer): Pixels {
  const chunks = chunksOf(png);
  const header = chunks.get('IHDR');
  const channels = CHANNELS[header?.[9] ?? 0];
  if (header === undefined || channels === undefined) throw new Error('no picture that Chromium takes');
  const [width, height] = [header.readUInt32BE(0), header.readUInt32BE(4)];
  const raw = unfilter(inflateSync(chunks.get('IDAT') ?? Buffer.alloc(0)), width * channels, channels);
  const rgb = new Uint8Array(width * height * 3);
  for (let pixel = 0; pixel < width * height; pixel += 1) {
    for (let channel = 0; channel < 3; channel += 1) rgb[pixel * 3 + channel] = raw[pixel * channels + channel] ?? 0;
  }
  return { width, height, rgb };
}

const colourAt = (rgb: Uint8Array, pixel: number): number =>
  ((rgb[pixel * 3] ?? 0) << 16) | ((rgb[pixel * 3 + 1] ?? 0) << 8) | (rgb[pixel * 3 + 2] ?? 0);

const distance = (one: number, other: number): number =>
  [16, 8, 0].reduce((sum, shift) => sum + (((one >> shift) & 255) - ((other >> shift) & 255)) ** 2, 0);

const nearest = (palette: readonly number[], colour: number): number =>
  palette.reduce(
    (best, candidate, index) => (distance(candidate, colour) < distance(palette[best] ?? 0, colour) ? index : best),
    0,
  );

const COLOURS = 256;

/** Half of it is what is used most; the other half is what is farthest from all that is there: a small sign keeps its hue. */
function paletteFrom(ranked: readonly number[]): readonly number[] {
  const palette = ranked.slice(0, COLOURS / 2);
  const rest = ranked.slice(palette.length).map((colour) => ({
    colour,
    far: Math.min(...palette.map((other) => distance(colour, other))),
  }));
  while (palette.length < COLOURS && rest.length > 0) {
    const next = rest.reduce((best, item) => (item.far > best.far ? item : best));
    palette.push(next.colour);
    for (const item of rest) item.far = Math.min(item.far, distance(item.colour, next.colour));
    rest.splice(rest.indexOf(next), 1);
  }
  return palette;
}

/** The colours of the palette, and for every colour its place among them. */
function paletteOf({ rgb }: Pixels) {
  const counts = new Map<number, number>();
  for (let pixel = 0; pixel * 3 < rgb.length; pixel += 1) {
    const colour = colourAt(rgb, pixel);
    counts.set(colour, (counts.get(colour) ?? 0) + 1);
  }
  const ranked = [...counts].sort(([, one], [, other]) => other - one).map(([colour]) => colour);
  const palette = paletteFrom(ranked);
  return { palette, places: new Map(ranked.map((colour) => [colour, nearest(palette, colour)])) };
}

function chunk(name: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(name, 'latin1'), data]);
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  check.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, check]);
}

/** The same picture with a palette. */
export function indexedPng(png: Buffer): Buffer {
  const pixels = decode(png);
  const { width, height, rgb } = pixels;
  const { palette, places } = paletteOf(pixels);
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  // Eight bits, a palette; the rest is what there is only one of.
  header.set([8, 3, 0, 0, 0], 8);
  const rows = Buffer.alloc((width + 1) * height);
  for (let row = 0; row < height; row += 1) {
    for (let column = 0; column < width; column += 1) {
      rows[row * (width + 1) + 1 + column] = places.get(colourAt(rgb, row * width + column)) ?? 0;
    }
  }
  return Buffer.concat([
    png.subarray(0, SIGNATURE),
    chunk('IHDR', header),
    chunk('PLTE', Buffer.from(palette.flatMap((colour) => [colour >> 16, (colour >> 8) & 255, colour & 255]))),
    chunk('IDAT', deflateSync(rows, { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}
