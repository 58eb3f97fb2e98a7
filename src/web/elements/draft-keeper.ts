const WAIT_MS = 1500;

/** Keeps a draft as it is typed: its form is sent in the background once the typing stops. Its buttons stay as they are. */
class DraftKeeper extends HTMLElement {
  #timer = 0;
  #unsent: HTMLFormElement | undefined;
  /** Whoever leaves before the wait is over leaves the request behind, which the browser finishes. */
  readonly #leave = () => {
    if (this.#unsent) keep(this.#unsent, { keepalive: true }).catch(() => {});
  };

  connectedCallback() {
    const form = this.querySelector('form');
    if (!form || this.dataset['on'] !== 'yes') return;
    const status = form.querySelector('[role=status]');
    form.addEventListener('input', () => {
      if (status) status.textContent = '';
      clearTimeout(this.#timer);
      this.#unsent = form;
      this.#timer = window.setTimeout(() => {
        this.#unsent = undefined;
        keep(form)
          .then(() => status?.append(this.dataset['kept'] ?? ''))
          .catch(() => {}); // out of reach: the buttons send it all the same
      }, WAIT_MS);
    });
    form.addEventListener('submit', () => {
      clearTimeout(this.#timer);
      this.#unsent = undefined;
    });
    window.addEventListener('pagehide', this.#leave);
  }

  disconnectedCallback() {
    clearTimeout(this.#timer);
    window.removeEventListener('pagehide', this.#leave);
  }
}

async function keep(form: HTMLFormElement, how: RequestInit = {}): Promise<void> {
  const fields = new URLSearchParams();
  for (const [name, value] of new FormData(form)) if (typeof value === 'string') fields.append(name, value);
  fields.set('act', 'save');
  const answer = await fetch(form.action, {
    ...how,
    method: 'post',
    body: fields,
    redirect: 'manual',
  });
  if (answer.type !== 'opaqueredirect') throw new Error(answer.statusText);
}

customElements.define('draft-keeper', DraftKeeper);
