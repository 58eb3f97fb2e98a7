const ASKED = new Set(['country', 'postcode']);

/** What reaches an address follows the address; without script a button of the form asks for it. */
class FreshWays extends HTMLElement {
  #asked = 0;

  connectedCallback() {
    this.closest('form')?.addEventListener('change', (event) => {
      const { name } = event.target as HTMLInputElement;
      if (ASKED.has(name)) void this.#refresh();
    });
  }

  async #refresh() {
    const form = this.closest('form');
    const button = this.querySelector<HTMLButtonElement>('button[formaction]');
    if (!form || !button) return;
    this.#asked += 1;
    const mine = this.#asked;
    const fields = new URLSearchParams();
    for (const [name, value] of new FormData(form)) if (typeof value === 'string') fields.append(name, value);
    const answer = await fetch(button.formAction, {
      method: 'post',
      body: fields,
      headers: { accept: 'text/html' },
    });
    if (!answer.ok || mine !== this.#asked) return; // the button still asks
    const fresh = new DOMParser().parseFromString(await answer.text(), 'text/html');
    this.replaceChildren(...(fresh.querySelector('fresh-ways')?.childNodes ?? this.childNodes));
    for (const part of ['.summary', 'input[name=goods]']) {
      const next = fresh.querySelector(part);
      if (next) form.querySelector(part)?.replaceWith(next);
    }
  }
}

customElements.define('fresh-ways', FreshWays);
