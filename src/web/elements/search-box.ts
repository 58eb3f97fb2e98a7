interface Suggestion {
  href: string;
  text: string;
  note: string;
  image?: string;
}

const WAIT_MS = 120;

/** Suggestions under the search field, by the combobox pattern of WAI-ARIA: arrows choose, Enter goes, Escape closes. */
class SearchBox extends HTMLElement {
  readonly #list = document.createElement('div');
  #input: HTMLInputElement | null = null;
  #timer = 0;
  #asking: AbortController | undefined;

  connectedCallback() {
    const input = this.querySelector('input');
    if (!input) return;
    this.#input = input;
    this.#list.id = 'search-suggestions';
    this.#list.className = 'suggestions';
    this.#list.role = 'listbox';
    this.#list.ariaLabel = 'Suggestions';
    this.#list.hidden = true;
    this.append(this.#list);
    input.role = 'combobox';
    input.ariaExpanded = 'false';
    input.ariaAutoComplete = 'list';
    input.setAttribute('aria-controls', this.#list.id);
    input.addEventListener('input', () => this.#askSoon());
    input.addEventListener('keydown', (event) => this.#onKey(event));
    this.addEventListener('focusout', (event) => {
      if (!this.contains(event.relatedTarget as Node | null)) this.#close();
    });
    // Before the field loses its focus, which would close the list under the pointer.
    this.#list.addEventListener('pointerdown', (event) => event.preventDefault());
    this.#list.addEventListener('click', (event) =>
      this.#go((event.target as Element).closest('[role=option]')),
    );
  }

  #askSoon() {
    clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => void this.#ask(), WAIT_MS);
  }

  async #ask() {
    this.#asking?.abort();
    const words = this.#input?.value.trim() ?? '';
    if (words.length < 2) return this.#close();
    this.#asking = new AbortController();
    try {
      const { signal } = this.#asking;
      const response = await fetch(`/search/suggestions?q=${encodeURIComponent(words)}`, { signal });
      if (response.ok) this.#show(((await response.json()) as { suggestions: Suggestion[] }).suggestions);
    } catch {
      // Offline, or asked again meanwhile: the form itself still searches.
    }
  }

  #show(suggestions: Suggestion[]) {
    this.#list.replaceChildren(...suggestions.map(optionOf));
    const isOpen = suggestions.length > 0;
    this.#list.hidden = !isOpen;
    this.#choose(null);
    if (this.#input) this.#input.ariaExpanded = String(isOpen);
  }

  #close() {
    this.#asking?.abort();
    clearTimeout(this.#timer);
    this.#show([]);
  }

  #onKey(event: KeyboardEvent) {
    const options = [...this.#list.children];
    const current = options.findIndex((option) => option.ariaSelected === 'true');
    if (event.key === 'Escape' && options.length > 0) {
      event.preventDefault();
      this.#close();
    } else if (event.key === 'Enter' && current >= 0) {
      event.preventDefault();
      this.#go(options[current] ?? null);
    } else if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      if (options.length === 0) return;
      event.preventDefault();
      const step = event.key === 'ArrowDown' ? 1 : -1;
      // One place more than there are options: the field itself, with none chosen.
      const next = (current + 1 + step + options.length + 1) % (options.length + 1);
      this.#choose(options[next - 1] ?? null);
    }
  }

  #choose(chosen: Element | null) {
    for (const option of this.#list.children) option.ariaSelected = String(option === chosen);
    if (chosen) this.#input?.setAttribute('aria-activedescendant', chosen.id);
    else this.#input?.removeAttribute('aria-activedescendant');
  }

  #go(option: Element | null) {
    if (option instanceof HTMLElement && option.dataset['href']) location.assign(option.dataset['href']);
  }
}

function optionOf({ href, text, note, image }: Suggestion, index: number): HTMLElement {
  const option = document.createElement('div');
  option.role = 'option';
  option.id = `suggestion-${index}`;
  option.ariaSelected = 'false';
  option.dataset['href'] = href;
  if (image) option.append(Object.assign(new Image(40, 40), { src: image, alt: '' }));
  const label = document.createElement('span');
  label.textContent = text;
  const small = document.createElement('small');
  small.textContent = note;
  option.append(label, small);
  return option;
}

customElements.define('search-box', SearchBox);
