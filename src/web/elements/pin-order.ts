/**
 * Puts pins in order without leaving the page: by dragging a picture, or by the buttons of its form, which work without
 * script too. What was done is said to who does not see it; what the server refuses is put back.
 */
class PinOrder extends HTMLElement {
  #stop: (() => void) | undefined;

  connectedCallback() {
    this.addEventListener('submit', (event) => {
      const form = event.target as HTMLFormElement;
      const { submitter } = event as SubmitEvent;
      const place = form.closest<HTMLElement>('.place');
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
      const response = await fetch(`/v1/boards/pins/${place.dataset['pin']}/move`, {
        method: 'post',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ [isAfter ? 'after' : 'before']: beside.dataset['pin'] }),
      });
      if (!response.ok) throw new Error(response.statusText);
      this.#say(this.dataset['moved'] ?? '', place);
    } catch {
      if (next) next.before(place);
      else this.querySelector('.places')?.append(place);
      this.#say(this.dataset['failed'] ?? '', place);
    }
  }

  #say(text: string, place: HTMLElement) {
    const places = this.#places;
    const words: Record<string, string> = {
      name: place.dataset['name'] ?? '',
      place: String(places.indexOf(place) + 1),
      count: String(places.length),
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
        dropTargetForElements({
          element: place,
          canDrop: ({ source }) => source.element !== place,
          onDragEnter: () => place.classList.add('dropped-on'),
          onDragLeave: () => place.classList.remove('dropped-on'),
          onDrop: () => place.classList.remove('dropped-on'),
        }),
      ),
    );
    const monitor = monitorForElements({
      onDrop: ({ source, location }) => {
        const target = location.current.dropTargets[0]?.element;
        if (target instanceof HTMLElement) void this.#drop(source.element, target);
      },
    });
    this.#stop = combine(...each, monitor);
  }

  /** Dropped on one that stands later it comes after it, on one that stands earlier before it. */
  async #drop(place: HTMLElement, target: HTMLElement): Promise<void> {
    const places = this.#places;
    await this.#move(place, target, places.indexOf(target) > places.indexOf(place));
  }
}

customElements.define('pin-order', PinOrder);
