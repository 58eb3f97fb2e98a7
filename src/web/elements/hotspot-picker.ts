const STEP = 1;
const LEAP = 5;

/** A mark on a photo that pointer and arrow keys move; the fields of the forms beside it follow. */
class HotspotPicker extends HTMLElement {
  #mark: HTMLButtonElement | undefined;

  connectedCallback() {
    const picture = this.querySelector<HTMLElement>('[data-picture]');
    if (!picture?.querySelector('img') || this.#mark) return;
    const mark = document.createElement('button');
    mark.type = 'button';
    mark.className = 'hotspot hotspot-new';
    mark.textContent = '+';
    this.#mark = mark;
    picture.append(mark);
    picture.addEventListener('pointerdown', (event) => this.#follow(event, picture));
    picture.addEventListener('pointermove', (event) => {
      if (event.buttons === 1) this.#follow(event, picture);
    });
    mark.addEventListener('keydown', (event) => this.#onKey(event));
    for (const field of this.#fields('x, y')) field.addEventListener('input', () => this.#draw());
    this.#draw();
  }

  #fields(which: string) {
    const names = which.split(', ').map((name) => `input[name=${name}]`);
    return this.querySelectorAll<HTMLInputElement>(names.join());
  }

  #at(name: 'x' | 'y'): number {
    const value = Number.parseFloat(this.#fields(name)[0]?.value ?? '');
    return Number.isFinite(value) ? Math.min(Math.max(value, 0), 100) : 50;
  }

  #follow(event: PointerEvent, picture: HTMLElement) {
    const { left, top, width, height } = picture.getBoundingClientRect();
    event.preventDefault();
    this.#move(((event.clientX - left) / width) * 100, ((event.clientY - top) / height) * 100);
    this.#mark?.focus({ preventScroll: true });
  }

  #onKey(event: KeyboardEvent) {
    const by = event.shiftKey ? LEAP : STEP;
    const moves: Record<string, [number, number]> = {
      ArrowLeft: [-by, 0],
      ArrowRight: [by, 0],
      ArrowUp: [0, -by],
      ArrowDown: [0, by],
    };
    const move = moves[event.key];
    if (!move) return;
    event.preventDefault();
    this.#move(this.#at('x') + move[0], this.#at('y') + move[1]);
  }

  #move(x: number, y: number) {
    const kept = (value: number) => String(Math.round(Math.min(Math.max(value, 0), 100) * 10) / 10);
    for (const field of this.#fields('x')) field.value = kept(x);
    for (const field of this.#fields('y')) field.value = kept(y);
    this.#draw();
  }

  #draw() {
    if (!this.#mark) return;
    const [x, y] = [this.#at('x'), this.#at('y')];
    this.#mark.style.insetInlineStart = `${x}%`;
    this.#mark.style.insetBlockStart = `${y}%`;
    this.#mark.ariaLabel = `${this.dataset['handle'] ?? ''} (${x} %, ${y} %)`;
  }
}

customElements.define('hotspot-picker', HotspotPicker);
