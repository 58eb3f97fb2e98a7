import { type CropWords, PhotoCrop } from './photo-crop.ts';

interface Words extends CropWords {
  running: string;
  failed: string;
  again: string;
}

interface Chosen {
  id: string;
  crop: PhotoCrop;
  isSent: boolean;
}

/**
 * Crops the chosen photos, and sends them one by one before the form, which then names them. What did not arrive is sent
 * again under the same number. Photos that the browser can't read go with the form as they are.
 */
class PostComposer extends HTMLElement {
  #chosen: Chosen[] = [];
  readonly #words = JSON.parse(this.dataset['words'] ?? '{}') as Words;

  connectedCallback() {
    const form = this.querySelector('form');
    const files = form?.querySelector<HTMLInputElement>('input[type=file]');
    if (!form || !files) return;
    files.addEventListener('change', () => void this.#open(files));
    form.addEventListener('submit', (event) => {
      if (this.#chosen.length === 0) return;
      event.preventDefault();
      void this.#send(form, files);
    });
  }

  async #open(files: HTMLInputElement) {
    const place = this.querySelector('.crops');
    this.#chosen = [];
    place?.replaceChildren();
    try {
      for (const [nth, file] of [...(files.files ?? [])].entries()) {
        const crop = new PhotoCrop(await createImageBitmap(file), numbered(this.#words, nth + 1));
        this.#chosen.push({ id: newNumber(), crop, isSent: false });
        place?.append(crop.panel);
      }
    } catch {
      this.#chosen = [];
      place?.replaceChildren();
    }
  }

  async #send(form: HTMLFormElement, files: HTMLInputElement) {
    const status = form.querySelector('[role=status]');
    const button = form.querySelector<HTMLButtonElement>('button:not([hidden])');
    if (!status || !button || button.disabled) return;
    button.disabled = true;
    const label = button.textContent;
    for (const [nth, chosen] of this.#chosen.entries()) {
      if (chosen.isSent) continue;
      const words = numbered(this.#words, nth + 1);
      const bar = document.createElement('progress');
      bar.max = 1;
      status.replaceChildren(`${words.running} `, bar);
      try {
        await upload(chosen, (part) => (bar.value = part));
      } catch {
        status.textContent = words.failed;
        button.textContent = this.#words.again;
        button.disabled = false;
        return;
      }
      chosen.isSent = true;
      const field = document.createElement('input');
      Object.assign(field, { type: 'hidden', name: 'photoId', value: chosen.id });
      form.append(field);
    }
    button.textContent = label;
    files.value = '';
    files.required = false;
    form.submit();
  }
}

/** By a request that tells how far it is; `fetch` does not. */
async function upload({ id, crop }: Chosen, progress: (part: number) => void): Promise<void> {
  const form = new FormData();
  form.append('file', await crop.file(), 'photo.jpg');
  await new Promise<void>((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('PUT', `/v1/social/photos/${id}`);
    request.upload.addEventListener('progress', ({ loaded, total }) => progress(loaded / total));
    request.addEventListener('load', () =>
      request.status === 200 ? resolve() : reject(new Error(request.statusText)),
    );
    request.addEventListener('error', () => reject(new Error('the connection broke')));
    request.send(form);
  });
}

const numbered = (words: Words, number: number): Words =>
  Object.fromEntries(
    Object.entries(words).map(([key, text]) => [key, String(text).replace('{n}', String(number))]),
  ) as unknown as Words;

/** `crypto.randomUUID` is there on secure pages only; a shop on a local network is none. */
function newNumber(): string {
  const hex = [...crypto.getRandomValues(new Uint8Array(16))].map((byte, place) => {
    const marked = place === 6 ? (byte & 0x0f) | 0x40 : place === 8 ? (byte & 0x3f) | 0x80 : byte;
    return marked.toString(16).padStart(2, '0');
  });
  return [4, 6, 8, 10, 16].map((end, nth) => hex.slice([0, 4, 6, 8, 10][nth], end).join('')).join('-');
}

customElements.define('post-composer', PostComposer);
