/** A picture as rows of red, green, blue. */
export interface Pixels {
  data: Uint8Array;
  width: number;
  height: number;
}

/** How far a pixel's colours may be from what the ground is there, and from its neighbour's, to be ground too. */
const GROUND_DISTANCE = 30;
const STEP_DISTANCE = 4;
/** A shadow is the ground, darker by the same share in each channel; darker than this it is a thing. */
const SHADOW_MIN = 0.3;
const SHADOW_TINT = 0.05;
/** So much of the border has to be of one ground, or it is not plain. */
const BORDER_SHARE = 0.9;
/** Less or more of the picture than this is no thing before a ground. */
const SHARE_MIN = 0.02;
const SHARE_MAX = 0.92;
/** The polynomial that stands for the ground. */
const TERMS = 6;

/**
 * The picture without its ground, as red, green, blue and alpha; undefined where the ground is not plain, or the thing
 * cannot be told from it. The ground is what can be reached from the border in small steps of colour, without going far
 * from the colours that the border itself would have there: a studio's ground darkens towards a corner. A shadow on it
 * becomes a shadow on any other. Where the flood broke into the thing, the picture is better whole.
 */
export function cutOut(picture: Pixels): Uint8Array | undefined {
  const { data, width, height } = picture;
  const model = groundOf(picture);
  const shares = sharesOf(picture, model);
  const reached = flood(picture, shares);
  if (!reached) return undefined;
  const size = width * height;
  keepShaded(picture, shares, reached);
  openHoles(picture, model, reached);
  const mask = largestOnly(reached, width, height);
  const share = mask.reduce((sum, each) => sum + (each ? 1 : 0), 0) / size;
  if (share < SHARE_MIN || share > SHARE_MAX || isBlurred(picture, mask)) return undefined;
  const alpha = feathered(mask, width, height);
  const cut = new Uint8Array(4 * size);
  for (let n = 0; n < size; n++) {
    if (at(mask, n)) {
      cut[4 * n] = at(data, 3 * n);
      cut[4 * n + 1] = at(data, 3 * n + 1);
      cut[4 * n + 2] = at(data, 3 * n + 2);
      cut[4 * n + 3] = at(alpha, n);
    } else cut[4 * n + 3] = shadowOf(at(shares, n));
  }
  return cut;
}

/** How dark the shadow is that leaves so much of the ground's light; a little less is the ground's own unevenness. */
const shadowOf = (share: number) => Math.max(0, Math.round(255 * (0.96 - (share || 1))));

const at = (list: ArrayLike<number>, n: number): number => list[n] ?? 0;

type Model = readonly [Float64Array, Float64Array, Float64Array];

/** For each channel, what the border's colours say of every place: a plane bent a little both ways. */
function groundOf({ data, width, height }: Pixels): Model {
  const terms = (x: number, y: number) => {
    const [u, v] = [x / width - 0.5, y / height - 0.5];
    return [1, u, v, u * u, v * v, v * v * v]; // TERMS of them
  };
  const at: [number, number][] = [];
  for (let x = 0; x < width; x += 4)
    for (const y of [0, 2, 4, height - 5, height - 3, height - 1]) at.push([x, y]);
  for (let y = 0; y < height; y += 4)
    for (const x of [0, 2, 4, width - 5, width - 3, width - 1]) at.push([x, y]);
  const samples = at.map(([x, y]) => ({ terms: terms(x, y), at: 3 * (y * width + x) }));
  const fit = (channel: number) => {
    const values = samples.map((sample) => data[sample.at + channel] ?? 0);
    const first = leastSquares(
      samples.map((sample) => sample.terms),
      values,
    );
    // Once more without what lies far off: a thing that touches the border is not the ground.
    const near = samples.flatMap((sample, n) =>
      Math.abs(dot(first, sample.terms) - (values[n] ?? 0)) < 24 ? [n] : [],
    );
    return near.length < samples.length / 2
      ? first
      : leastSquares(
          near.map((n) => samples[n]?.terms ?? []),
          near.map((n) => values[n] ?? 0),
        );
  };
  return [fit(0), fit(1), fit(2)];
}

const dot = (a: Float64Array, b: readonly number[]) =>
  b.reduce((sum, each, n) => sum + each * (a[n] ?? 0), 0);

/** The normal equations, solved by elimination. */
function leastSquares(rows: readonly (readonly number[])[], values: readonly number[]): Float64Array {
  const size = rows[0]?.length ?? 0;
  const table = Array.from({ length: size }, () => new Float64Array(size + 1));
  for (const [n, row] of rows.entries())
    for (const [i, line] of table.entries()) {
      for (let j = 0; j < size; j++) line[j] = (line[j] ?? 0) + (row[i] ?? 0) * (row[j] ?? 0);
      line[size] = (line[size] ?? 0) + (row[i] ?? 0) * (values[n] ?? 0);
    }
  for (const [i, pivot] of table.entries()) {
    const head = pivot[i] || 1e-9;
    for (const [n, line] of table.entries()) {
      if (n === i) continue;
      const factor = (line[i] ?? 0) / head;
      for (let j = i; j <= size; j++) line[j] = (line[j] ?? 0) - factor * (pivot[j] ?? 0);
    }
  }
  return Float64Array.from(table, (line, i) => (line[size] ?? 0) / (line[i] || 1e-9));
}

/** For each pixel, how much of the ground's light it has; nought where it is of another colour. */
function sharesOf({ data, width, height }: Pixels, model: Model): Float32Array {
  const shares = new Float32Array(width * height);
  const ground = [0, 0, 0];
  for (let y = 0, n = 0; y < height; y++) {
    const v = y / height - 0.5;
    for (let x = 0; x < width; x++, n++) {
      const u = x / width - 0.5;
      let [light, whole, off] = [0, 0, 0];
      for (let c = 0; c < 3; c++) {
        const m = model[c] ?? new Float64Array(TERMS);
        const even = at(m, 0) + at(m, 1) * u + at(m, 2) * v + at(m, 3) * u * u;
        const expected = even + at(m, 4) * v * v + at(m, 5) * v * v * v;
        ground[c] = expected;
        light += at(data, 3 * n + c);
        whole += expected;
        off += Math.abs(at(data, 3 * n + c) - expected);
      }
      const share = light / whole;
      let tint = 0;
      for (let c = 0; c < 3; c++)
        tint = Math.max(tint, Math.abs(at(data, 3 * n + c) / at(ground, c) - share));
      const isGround = off < 3 * GROUND_DISTANCE && share > 0.88;
      const isShadow = share >= SHADOW_MIN && share <= 1.02 && tint < SHADOW_TINT + 0.08 * (1 - share);
      if (isGround || isShadow) shares[n] = share;
    }
  }
  return shares;
}

/** What is ground: one byte a pixel. Undefined where too little of the border is. */
function flood({ data, width, height }: Pixels, shares: Float32Array): Uint8Array | undefined {
  const size = width * height;
  const reached = new Uint8Array(size);
  const stack = new Int32Array(size);
  let top = 0;
  let border = 0;
  const begin = (n: number) => {
    border += 1;
    if (!at(shares, n) || reached[n]) return;
    reached[n] = 1;
    stack[top++] = n;
  };
  for (let x = 0; x < width; x++) for (const n of [x, size - width + x]) begin(n);
  for (let y = 1; y < height - 1; y++) for (const n of [y * width, y * width + width - 1]) begin(n);
  if (top < border * BORDER_SHARE) return undefined;
  const visit = (from: number, to: number) => {
    if (reached[to] || !at(shares, to)) return;
    for (let c = 0; c < 3; c++)
      if (Math.abs(at(data, 3 * from + c) - at(data, 3 * to + c)) > STEP_DISTANCE) return;
    reached[to] = 1;
    stack[top++] = to;
  };
  while (top > 0) {
    const n = at(stack, --top);
    const x = n % width;
    if (x > 0) visit(n, n - 1);
    if (x < width - 1) visit(n, n + 1);
    if (n >= width) visit(n, n - width);
    if (n < size - width) visit(n, n + width);
  }
  return reached;
}

/** Less of the ground's light than this is shade: a shadow's, or that of a thing which has the ground's own colour. */
const SHADE = 0.94;
/** So far two neighbours differ where one thing ends and another begins. */
const EDGE = 9;
const EDGE_WIDTH = 4;
/** Of the border between shade and light so much may be sharp before the shade is a thing's. A shadow fades away. */
const SHARP_SHARE_MAX = 0.12;

/** Takes back what the flood went over but no shadow is: a cream lampshade before a cream wall is shaded, and ends sharply. */
function keepShaded({ data, width, height }: Pixels, shares: Float32Array, reached: Uint8Array): void {
  const isShade = (n: number) => at(reached, n) === 1 && at(shares, n) < SHADE;
  for (const part of partsOf(width, height, isShade)) {
    let [sharp, all] = [0, 0];
    for (const n of part)
      for (const first of beside(n, width, height)) {
        // The edge itself is a few pixels that are neither: what lies beyond it says whether it is one.
        let to = first;
        for (let far = 0; far < EDGE_WIDTH && at(reached, to) === 0; far++) to += first - n;
        if (at(reached, to) !== 1 || at(shares, to) < SHADE) continue;
        all += 1;
        if (differ(data, n, to) > EDGE) sharp += 1;
      }
    if (sharp > width / 20 && sharp > all * SHARP_SHARE_MAX) for (const n of part) reached[n] = 0;
  }
}

/** So near each channel is to what the ground is there; and so much of what is around it is a sharp edge. */
const HOLE_DISTANCE = 9;
const HOLE_SHARP_SHARE_MIN = 0.6;

/** Lets the ground be seen through a handle or between a chair's legs: what is just as the ground, with edges around it. */
function openHoles({ data, width, height }: Pixels, model: Model, reached: Uint8Array): void {
  const isGround = (n: number) => {
    if (at(reached, n) === 1) return false;
    const [u, v] = [(n % width) / width - 0.5, Math.floor(n / width) / height - 0.5];
    return model.every((m, c) => {
      const even = at(m, 0) + at(m, 1) * u + at(m, 2) * v + at(m, 3) * u * u;
      const expected = even + at(m, 4) * v * v + at(m, 5) * v * v * v;
      return Math.abs(at(data, 3 * n + c) - expected) < HOLE_DISTANCE;
    });
  };
  for (const part of partsOf(width, height, isGround)) {
    if (part.length < (width * height) / 2000) continue;
    let [sharp, all] = [0, 0];
    for (const n of part)
      for (const to of beside(n, width, height)) {
        if (at(reached, to) === 1 || isGround(to)) continue;
        all += 1;
        // A painted edge is a few pixels wide.
        const further = to + 2 * (to - n);
        if (Math.max(differ(data, n, to), differ(data, n, further)) > 2 * EDGE) sharp += 1;
      }
    if (sharp > all * HOLE_SHARP_SHARE_MIN) for (const n of part) reached[n] = 1;
  }
}

/** By how much the channel differs that differs most. */
function differ(data: Uint8Array, a: number, b: number): number {
  let most = 0;
  for (let c = 0; c < 3; c++) most = Math.max(most, Math.abs(at(data, 3 * a + c) - at(data, 3 * b + c)));
  return most;
}

function beside(n: number, width: number, height: number): number[] {
  const x = n % width;
  return [x > 0 ? n - 1 : -1, x < width - 1 ? n + 1 : -1, n - width, n + width].filter(
    (to) => to >= 0 && to < width * height,
  );
}

/** What hangs together of the pixels that are meant. */
function partsOf(width: number, height: number, isMeant: (n: number) => boolean): number[][] {
  const seen = new Uint8Array(width * height);
  const parts: number[][] = [];
  for (let start = 0; start < seen.length; start++) {
    if (seen[start] || !isMeant(start)) continue;
    const part = [start];
    seen[start] = 1;
    for (let n = 0; n < part.length; n++)
      for (const to of beside(at(part, n), width, height))
        if (!seen[to] && isMeant(to)) {
          seen[to] = 1;
          part.push(to);
        }
    parts.push(part);
  }
  return parts;
}

/** Specks that the flood went around are ground: what is kept are pieces of some size. */
function largestOnly(reached: Uint8Array, width: number, height: number): Uint8Array {
  const size = width * height;
  const seen = new Uint8Array(reached);
  const thing = new Uint8Array(size);
  const stack = new Int32Array(size);
  for (let start = 0; start < size; start++) {
    if (seen[start]) continue;
    let top = 0;
    let end = 0;
    stack[end++] = start;
    seen[start] = 1;
    while (top < end) {
      const n = at(stack, top++);
      const x = n % width;
      for (const to of [x > 0 ? n - 1 : n, x < width - 1 ? n + 1 : n, n - width, n + width]) {
        if (to < 0 || to >= size || seen[to]) continue;
        seen[to] = 1;
        stack[end++] = to;
      }
    }
    if (end > size / 1000) for (let n = 0; n < end; n++) thing[at(stack, n)] = 255;
  }
  return thing;
}

/** So many pixels to either side of the cut are looked at; where none of them differ by more, no thing ends there. */
const SEAM_WIDTH = 4;
const SEAM_STEP = 10;
/** A thing's own outline is blurred for a few of its pixels; a flood that broke into it leaves a long blurred edge. */
const BLURRED_SHARE_MAX = 0.1;

/** Whether too much of the cut runs where the picture itself shows no edge: something of the thing is gone then. */
function isBlurred({ data, width, height }: Pixels, mask: Uint8Array): boolean {
  let [blurred, all] = [0, 0];
  for (let y = SEAM_WIDTH + 1; y < height - SEAM_WIDTH - 1; y++)
    for (let x = SEAM_WIDTH + 1; x < width - SEAM_WIDTH - 1; x++) {
      const n = y * width + x;
      if (!at(mask, n)) continue;
      for (const on of [1, -1, width, -width]) {
        if (at(mask, n + on)) continue;
        all += 1;
        if (spread(data, n + on, on) <= SEAM_STEP) blurred += 1;
      }
    }
  return blurred > all * BLURRED_SHARE_MAX;
}

/** How far the colours across the cut are apart, in the channel in which they are most. */
function spread(data: Uint8Array, seam: number, on: number): number {
  let most = 0;
  for (let c = 0; c < 3; c++) {
    let [low, high] = [255, 0];
    for (let far = -SEAM_WIDTH; far <= SEAM_WIDTH; far++) {
      const value = at(data, 3 * (seam + on * far) + c);
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
    most = Math.max(most, high - low);
  }
  return most;
}

/** The mean of the eight around it: an edge one pixel soft. */
function feathered(mask: Uint8Array, width: number, height: number): Uint8Array {
  const soft = new Uint8Array(mask);
  for (let y = 1; y < height - 1; y++)
    for (let x = 1; x < width - 1; x++) {
      const n = y * width + x;
      let sum = 0;
      for (const row of [n - width, n, n + width])
        sum += at(mask, row - 1) + at(mask, row) + at(mask, row + 1);
      soft[n] = Math.min(at(mask, n), sum / 9);
    }
  return soft;
}
