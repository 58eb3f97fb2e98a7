export interface CropWords {
  title: string;
  shape: string;
  whole: string;
  square: string;
  upright: string;
  wide: string;
  zoom: string;
  move: string;
}

type Shape = 'whole' | 'square' | 'upright' | 'wide';
const SHAPES: Record<Shape, number | undefined> = {
  whole: undefined,
  square: 1,
  upright: 4 / 5,
  wide: 3 / 2,
};
const SHOWN_WIDTH = 480;
const SENT_SIDE_MAX = 2400;
const QUALITY = 0.9;
const STEP = 0.04;

/** One chosen photo with its crop: a shape, a distance, and a part that pointer and arrow keys move. */
export class PhotoCrop {
  readonly panel = document.createElement('fieldset');
  readonly #canvas = document.createElement('canvas');
  readonly #image: ImageBitmap;
  #shape: Shape = 'whole';
  #zoom = 1;
  /** The middle of the part, in parts of the photo's width and height. */
  #x = 0.5;
  #y = 0.5;

  constructor(image: ImageBitmap, words: CropWords) {
    this.#image = image;
    this.panel.className = 'crop';
    const legend = document.createElement('legend');
    legend.textContent = words.title;
    this.#canvas.tabIndex = 0;
    this.#canvas.role = 'application';
    this.#canvas.ariaLabel = words.move;
    this.panel.append(legend, this.#canvas, this.#shapeField(words), this.#zoomField(words));
    this.#canvas.addEventListener('pointermove', (event) => {
      if (event.buttons !== 1) return;
      const { width, height } = this.#canvas.getBoundingClientRect();
      const part = this.#part();
      this.#moveBy(
        (-event.movementX / width) * (part.width / image.width),
        (-event.movementY / height) * (part.height / image.height),
      );
    });
    this.#canvas.addEventListener('keydown', (event) => this.#onKey(event));
    this.#draw();
  }

  #shapeField(words: CropWords): HTMLElement {
    const select = document.createElement('select');
    for (const shape of Object.keys(SHAPES) as Shape[]) select.add(new Option(words[shape], shape));
    select.addEventListener('change', () => {
      this.#shape = select.value as Shape;
      this.#draw();
    });
    return labelled(words.shape, select);
  }

  #zoomField(words: CropWords): HTMLElement {
    const range = Object.assign(document.createElement('input'), { type: 'range', min: '1', max: '4' });
    range.step = '0.1';
    range.value = '1';
    range.addEventListener('input', () => {
      this.#zoom = Number(range.value);
      this.#draw();
    });
    return labelled(words.zoom, range);
  }

  #onKey(event: KeyboardEvent) {
    const moves: Record<string, [number, number]> = {
      ArrowLeft: [-STEP, 0],
      ArrowRight: [STEP, 0],
      ArrowUp: [0, -STEP],
      ArrowDown: [0, STEP],
    };
    const move = moves[event.key];
    if (!move) return;
    event.preventDefault();
    this.#moveBy(...move);
  }

  #moveBy(x: number, y: number) {
    this.#x += x;
    this.#y += y;
    this.#draw();
  }

  /** The part in pixels of the photo; the middle is moved back so that the part stays inside. */
  #part() {
    const { width: whole, height: tall } = this.#image;
    const ratio = SHAPES[this.#shape] ?? whole / tall;
    const width = Math.min(whole, tall * ratio) / this.#zoom;
    const height = width / ratio;
    const inside = (middle: number, size: number, all: number) =>
      Math.min(Math.max(middle * all, size / 2), all - size / 2) / all;
    this.#x = inside(this.#x, width, whole);
    this.#y = inside(this.#y, height, tall);
    return { left: this.#x * whole - width / 2, top: this.#y * tall - height / 2, width, height };
  }

  #draw() {
    this.#drawOn(this.#canvas, SHOWN_WIDTH);
  }

  #drawOn(canvas: HTMLCanvasElement, sideMax: number) {
    const { left, top, width, height } = this.#part();
    const scale = Math.min(1, sideMax / Math.max(width, height));
    canvas.width = Math.round(width * scale);
    canvas.height = Math.round(height * scale);
    canvas
      .getContext('2d')
      ?.drawImage(this.#image, left, top, width, height, 0, 0, canvas.width, canvas.height);
  }

  /** The part as a JPEG file. What the camera wrote beside the picture is not in it. */
  async file(): Promise<Blob> {
    const canvas = document.createElement('canvas');
    this.#drawOn(canvas, SENT_SIDE_MAX);
    const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/jpeg', QUALITY));
    if (!blob) throw new Error('the browser made no picture');
    return blob;
  }
}

function labelled(text: string, field: HTMLElement): HTMLElement {
  const label = document.createElement('label');
  label.append(text, field);
  return label;
}
