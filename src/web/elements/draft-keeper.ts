const WAIT_MS = 1500;

/** Keeps a draft as it is typed: its form is sent in the background once the typing stops. Its buttons stay as they are. */
class DraftKeeper extends HTMLElement {
  #timer = 0;

  connectedCallback() {
    const form = this.querySelector('form');
    if (!form || this.dataset['on'] !== 'yes') return;
    const status = form.querySelector('[role=status]');
    form.addEventListener('input', () => {
      if (status) status.textContent = '';
      clearTimeout(this.#timer);
      this.#timer = window.setTimeout(() => {
        keep(form)
          .then(() => status?.append(this.dataset['kept'] ?? ''))
          .catch(() => {}); // out of reach: the buttons send it all the same
      }, WAIT_MS);
    });
    form.addEventListener('submit', () => clearTimeout(this.#timer));
  }

  disconnectedCallback() {
    clearTimeout(this.#timer);
  }
}

async function keep(form: HTMLFormElement): Promise<void> {
  const fields = new URLSearchParams();
  for (const [name, value] of new FormData(form)) if (typeof value === 'string') fields.append(name, value);
  fields.set('act', 'save');
  const answer = await fetch(form.action, { method: 'post', body: fields, redirect: 'manual' });
  if (answer.type !== 'opaqueredirect') throw new Error(answer.statusText);
}

customElements.define('draft-keeper', DraftKeeper);
