/**
 * Puts pins in order and into sections without leaving the page: by dragging a picture to a place or onto a section's name,
 * or by the buttons of its forms, which work without script too. What was done is said to who does not see it; what the server refuses is put back.
 */
class PinOrder extends HTMLElement {
  #stop: (() => void) | undefined;

  connectedCallback() {
    this.addEventListener('submit', (event) => {
      const form = event.target as HTMLFormElement;
      const { submitter } = event as SubmitEvent;
      const place = form.closest<HTMLElement>('.place');
      if (place && form.matches('.place-section')) {
        event.preventDefault();
        const list = form.elements.namedItem('section') as HTMLSelectElement;
        void this.#sort(place, list.value).then(() => submitter?.focus());
        return;
      }
      const step = submitter instanceof HTMLButtonElement && submitter.name === 'step' ? submitter.value : '';
      const beside = place ? this.#neighbour(place, step) : undefined;
      // Beyond the ends of what is shown the form itself knows the way.
      if (!place || beside === undefined) return;
      event.preventDefault();
      void this.#move(place, beside, step === 'later').then(() => submitter?.focus());
    });
    void this.#enableDrag();
  }

  disconnectedCallback() {
    this.#stop?.();
  }

  get #places(): HTMLElement[] {
    return [...this.querySelectorAll<HTMLElement>('.place')];
  }

  /** The one that a step goes past; undefined where that is not among those shown. */
  #neighbour(place: HTMLElement, step: string): HTMLElement | undefined {
    const places = this.#places;
    const at = places.indexOf(place);
    if (step === 'earlier') return places[at - 1];
    return step === 'later' ? places[at + 1] : undefined;
  }

  async #move(place: HTMLElement, beside: HTMLElement, isAfter: boolean): Promise<void> {
    if (place === beside) return;
    const next = place.nextElementSibling;
    if (isAfter) beside.after(place);
    else beside.before(place);
    try {
      const to = { [isAfter ? 'after' : 'before']: beside.dataset['pin'] };
      await this.#send(`/v1/boards/pins/${place.dataset['pin']}/move`, 'POST', to);
      this.#say(this.dataset['moved'] ?? '', place);
    } catch {
      if (next) next.before(place);
      else this.querySelector('.places')?.append(place);
      this.#say(this.dataset['failed'] ?? '', place);
    }
  }

  /** Into a section, or out of all. */
  async #sort(place: HTMLElement, sectionId: string): Promise<void> {
    const list = place.querySelector<HTMLSelectElement>('.place-section select');
    if (!list) return;
    const was = place.dataset['section'] ?? '';
    list.value = sectionId;
    try {
      await this.#send(`/v1/boards/pins/${place.dataset['pin']}`, 'PATCH', { sectionId: sectionId || null });
      place.dataset['section'] = sectionId;
      const text = this.dataset[sectionId ? 'sorted' : 'unsorted'] ?? '';
      this.#say(text, place, list.selectedOptions[0]?.text ?? '');
    } catch {
      list.value = was;
      this.#say(this.dataset['failed'] ?? '', place);
    }
  }

  async #send(path: string, method: string, body: object): Promise<void> {
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(path, { method, headers, body: JSON.stringify(body) });
    if (!response.ok) throw new Error(response.statusText);
  }

  #say(text: string, place: HTMLElement, section = '') {
    const places = this.#places;
    const words: Record<string, string> = {
      name: place.dataset['name'] ?? '',
      place: String(places.indexOf(place) + 1),
      count: String(places.length),
      section,
    };
    const status = this.querySelector('[role=status]');
    if (status)
      status.textContent = text.replaceAll(/\{(\w+)\}/g, (hole, name: string) => words[name] ?? hole);
  }

  /** The code that drags is fetched by this page alone. */
  async #enableDrag() {
    const [{ draggable, dropTargetForElements, monitorForElements }, { combine }] = await Promise.all([
      import('@atlaskit/pragmatic-drag-and-drop/element/adapter'),
      import('@atlaskit/pragmatic-drag-and-drop/combine'),
    ]);
    if (!this.isConnected) return;
    // A picture that the browser drags by itself would be dragged in place of what it stands on.
    for (const picture of this.querySelectorAll('img')) picture.draggable = false;
    const each = this.#places.map((place) =>
      combine(
        draggable({
          element: place,
          onDragStart: () => place.classList.add('dragged'),
          onDrop: () => place.classList.remove('dragged'),
        }),
        dropTargetForElements(targetAt(place)),
      ),
    );
    const targets = this.querySelector<HTMLElement>('.section-targets');
    if (targets) targets.hidden = false;
    const sections = [...this.querySelectorAll<HTMLElement>('[data-section]:not(.place)')];
    const monitor = monitorForElements({
      onDrop: ({ source, location }) => {
        const target = location.current.dropTargets[0]?.element;
        if (target instanceof HTMLElement) void this.#drop(source.element, target);
      },
    });
    const sorting = sections.map((section) => dropTargetForElements(targetAt(section)));
    this.#stop = combine(...each, ...sorting, monitor);
  }

  /**
   * Dropped on a section it goes into it; on a pin that stands later it comes after that, on one that stands earlier
   * before it.
   */
  async #drop(place: HTMLElement, target: HTMLElement): Promise<void> {
    if (!target.matches('.place')) return this.#sort(place, target.dataset['section'] ?? '');
    const places = this.#places;
    await this.#move(place, target, places.indexOf(target) > places.indexOf(place));
  }
}

/** Shows that what is held may be dropped here. */
const targetAt = (element: HTMLElement) => ({
  element,
  canDrop: ({ source }: { source: { element: HTMLElement } }) => source.element !== element,
  onDragEnter: () => element.classList.add('dropped-on'),
  onDragLeave: () => element.classList.remove('dropped-on'),
  onDrop: () => element.classList.remove('dropped-on'),
});

customElements.define('pin-order', PinOrder);
