/** A picture as rows of red, green, blue and alpha, the colours already as strong as their alpha lets them be. */
export interface Sprite {
  data: Uint8Array;
  width: number;
  height: number;
  /** How many of its pixels the picture is wide, without the frame around it. */
  span: number;
}

/** What is painted on: rows of red, green, blue. */
export interface Canvas {
  data: Uint8Array;
  width: number;
  height: number;
}

interface Place {
  /** Of its middle. */
  x: number;
  y: number;
  width: number;
  /** In degrees, clockwise. */
  turn: number;
}

const at = (list: Uint8Array, n: number): number => list[n] ?? 0;

export function filled(width: number, height: number, ground: string): Canvas {
  const data = new Uint8Array(3 * width * height);
  const colour = [1, 3, 5].map((from) => Number.parseInt(ground.slice(from, from + 2), 16));
  data.set(colour);
  // Doubled until all of it is filled.
  for (let done = 3; done < data.length; done *= 2) data.copyWithin(done, 0, done);
  return { data, width, height };
}

/** Straight colours made as strong as their alpha, in a frame of nothing one pixel wide: edges that are turned stay smooth. */
export function premultiplied({ data, width, height }: Omit<Sprite, 'span'>): Sprite {
  const framed = {
    data: new Uint8Array(4 * (width + 2) * (height + 2)),
    width: width + 2,
    height: height + 2,
    span: width,
  };
  for (let y = 0, n = 0; y < height; y++)
    for (let x = 0, to = 4 * ((y + 1) * framed.width + 1); x < width; x++, n += 4, to += 4) {
      const alpha = at(data, n + 3);
      if (alpha === 0) continue;
      for (let c = 0; c < 3; c++) framed.data[to + c] = (at(data, n + c) * alpha + 127) / 255;
      framed.data[to + 3] = alpha;
    }
  return framed;
}

/**
 * Lays a framed picture on the canvas at its size and turn, in one pass from its pixels to the canvas's: between four
 * pixels the mean by nearness. What is shown at less than half its size is halved first, so that no pixel is left out.
 */
export function lay(canvas: Canvas, sprite: Sprite, { x, y, width, turn }: Place): void {
  let from = sprite;
  while (width < from.span / 2) from = halfOf(from);
  const scale = width / from.span;
  const [cos, sin] = [Math.cos((turn * Math.PI) / 180), Math.sin((turn * Math.PI) / 180)];
  const half = { x: (from.width * scale) / 2, y: (from.height * scale) / 2 };
  const reachX = Math.abs(half.x * cos) + Math.abs(half.y * sin) + 1;
  const reachY = Math.abs(half.x * sin) + Math.abs(half.y * cos) + 1;
  const [left, right] = [Math.max(0, Math.floor(x - reachX)), Math.min(canvas.width, Math.ceil(x + reachX))];
  const [top, bottom] = [Math.max(0, Math.floor(y - reachY)), Math.min(canvas.height, Math.ceil(y + reachY))];
  // In parts of 256, so that all of it is whole numbers.
  const [across, down] = [Math.round((256 * cos) / scale), Math.round((-256 * sin) / scale)];
  for (let row = top; row < bottom; row++) {
    const [dx, dy] = [left + 0.5 - x, row + 0.5 - y];
    const u = Math.round(256 * ((dx * cos + dy * sin) / scale + from.width / 2 - 0.5));
    const v = Math.round(256 * ((dy * cos - dx * sin) / scale + from.height / 2 - 0.5));
    layRow(canvas, from, { at: 3 * (row * canvas.width + left), count: right - left, u, v, across, down });
  }
}

interface Row {
  /** The first pixel of the canvas, and how many. */
  at: number;
  count: number;
  /** The place in the sprite that the first is of, and from each to the next; in parts of 256. */
  u: number;
  v: number;
  across: number;
  down: number;
}

function layRow(canvas: Canvas, { data, width, height }: Sprite, row: Row): void {
  const under = canvas.data;
  const [lastU, lastV] = [(width - 1) << 8, (height - 1) << 8];
  let { u, v, at: n } = row;
  for (let left = row.count; left > 0; left--, n += 3, u += row.across, v += row.down) {
    if (u < 0 || v < 0 || u >= lastU || v >= lastV) continue;
    const a = 4 * ((v >> 8) * width + (u >> 8));
    const c = a + 4 * width;
    const alphaA = at(data, a + 3);
    const alphaB = at(data, a + 7);
    const alphaC = at(data, c + 3);
    const alphaD = at(data, c + 7);
    // Most of a cut-out's frame is nothing, and most of the rest hides what is under it: both need less than an edge.
    if ((alphaA | alphaB | alphaC | alphaD) === 0) continue;
    const right = u & 255;
    const low = v & 255;
    const wb = (right * (256 - low)) >> 8;
    const wc = ((256 - right) * low) >> 8;
    const wd = (right * low) >> 8;
    const wa = 256 - wb - wc - wd;
    const over0 = at(data, a) * wa + at(data, a + 4) * wb + at(data, c) * wc + at(data, c + 4) * wd;
    const over1 = at(data, a + 1) * wa + at(data, a + 5) * wb + at(data, c + 1) * wc + at(data, c + 5) * wd;
    const over2 = at(data, a + 2) * wa + at(data, a + 6) * wb + at(data, c + 2) * wc + at(data, c + 6) * wd;
    if ((alphaA & alphaB & alphaC & alphaD) === 255) {
      under[n] = (over0 + 128) >> 8;
      under[n + 1] = (over1 + 128) >> 8;
      under[n + 2] = (over2 + 128) >> 8;
      continue;
    }
    const rest = (65_280 - (alphaA * wa + alphaB * wb + alphaC * wc + alphaD * wd)) / 255;
    under[n] = (over0 + at(under, n) * rest + 128) >> 8;
    under[n + 1] = (over1 + at(under, n + 1) * rest + 128) >> 8;
    under[n + 2] = (over2 + at(under, n + 2) * rest + 128) >> 8;
  }
}

export const halfOf = (sprite: Sprite): Sprite => ({ ...halved(sprite, 4), span: sprite.span / 2 });

/** The mean of each four. */
export function halved({ data, width, height }: Canvas, channels: 3 | 4): Canvas {
  const small = { width: width >> 1, height: height >> 1 };
  const half = new Uint8Array(channels * small.width * small.height);
  const row = channels * width;
  let n = 0;
  for (let y = 0; y < small.height; y++)
    for (let x = 0, from = 2 * y * row; x < small.width; x++, from += channels)
      for (let c = 0; c < channels; c++, n++, from++)
        half[n] =
          (at(data, from) +
            at(data, from + channels) +
            at(data, from + row) +
            at(data, from + row + channels) +
            2) >>
          2;
  return { data: half, ...small };
}
