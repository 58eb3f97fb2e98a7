const STEP_MS = 1_100;
let isPlaying = false;

/** Shows a step without leaving the page, and plays them one after the other. Without it each step is a link. */
class MapSteps extends HTMLElement {
  #timer: ReturnType<typeof setTimeout> | undefined;

  connectedCallback() {
    const button = this.querySelector('button');
    this.addEventListener('click', (event) => {
      if (!(event.target instanceof Element) || event.ctrlKey || event.metaKey || event.shiftKey) return;
      const link = event.target.closest('a');
      if (!link) return;
      event.preventDefault();
      isPlaying = false;
      void this.#show(link.href);
    });
    if (!button) return;
    button.hidden = false;
    button.addEventListener('click', () => {
      isPlaying = !isPlaying;
      this.#tell(button);
      if (isPlaying) void this.#next();
    });
    this.#tell(button);
    // The page's own part was replaced by that of the next step: this one goes on.
    if (isPlaying) this.#timer = setTimeout(() => void this.#next(), STEP_MS);
  }

  disconnectedCallback() {
    clearTimeout(this.#timer);
  }

  #tell(button: HTMLButtonElement) {
    button.textContent = (isPlaying ? button.dataset['pause'] : button.dataset['play']) ?? '';
    button.setAttribute('aria-pressed', String(isPlaying));
  }

  async #next() {
    const next = this.querySelector<HTMLAnchorElement>('a[rel=next]');
    if (next) return this.#show(next.href);
    isPlaying = false;
    const button = this.querySelector('button');
    if (button) this.#tell(button);
  }

  async #show(href: string) {
    try {
      const answer = await fetch(href, { headers: { accept: 'text/html' } });
      if (!answer.ok) throw new Error(answer.statusText);
      const fresh = new DOMParser().parseFromString(await answer.text(), 'text/html');
      const parts = ['market-head', 'market-filters', 'figures'];
      const hadFocus = this.contains(document.activeElement);
      const isButton = document.activeElement instanceof HTMLButtonElement;
      history.replaceState(null, '', href);
      for (const id of parts) {
        const [old, made] = [document.getElementById(id), fresh.getElementById(id)];
        if (old && made) old.replaceChildren(...made.childNodes);
      }
      // What is kept under a name is what is shown now.
      for (const form of document.querySelectorAll<HTMLFormElement>('.saved-views form')) form.action = href;
      if (!hadFocus) return;
      const kept = isButton ? 'map-steps button' : 'map-steps [aria-current]';
      document.querySelector<HTMLElement>(kept)?.focus({ preventScroll: true });
    } catch {
      isPlaying = false;
      location.assign(href);
    }
  }
}

customElements.define('map-steps', MapSteps);
