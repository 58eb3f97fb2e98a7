const WIDE = matchMedia('(min-width: 60rem)');

/** On a wide screen, where filters and results stand side by side, a choice takes effect at once. */
class FilterForm extends HTMLElement {
  connectedCallback() {
    const form = this.querySelector('form');
    const panel = this.querySelector('details');
    if (!form || !panel) return;
    const fit = () => {
      panel.open = WIDE.matches;
      this.toggleAttribute('data-instant', WIDE.matches);
    };
    fit();
    WIDE.addEventListener('change', fit);
    document.addEventListener('change', (event) => {
      const field = event.target as HTMLInputElement | HTMLSelectElement;
      if (field.form !== form) return;
      if (WIDE.matches || field.name === 'sort') this.#submit(form);
    });
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      this.#submit(form);
    });
  }

  /** Without the fields that say nothing, so that the address stays short. */
  #submit(form: HTMLFormElement) {
    const query = new URLSearchParams();
    for (const [name, value] of new FormData(form)) {
      if (typeof value === 'string' && value !== '') query.append(name, value);
    }
    location.assign(query.size > 0 ? `${form.action.split('?')[0]}?${query}` : form.action);
  }
}

customElements.define('filter-form', FilterForm);
