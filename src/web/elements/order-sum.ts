/** The sum follows the chosen way of delivery; without script the order's page says it. */
class OrderSum extends HTMLElement {
  connectedCallback() {
    this.closest('form')?.addEventListener('change', (event) => {
      const { dataset } = event.target as HTMLElement;
      for (const part of ['cost', 'total']) {
        const place = this.querySelector(`[data-sum=${part}]`);
        const text = dataset[part];
        if (place && text) place.textContent = text;
      }
    });
  }
}

customElements.define('order-sum', OrderSum);
