/** The sum follows the chosen way of delivery; without script the order's page says it. */
class OrderSum extends HTMLElement {
  connectedCallback() {
    this.closest('form')?.addEventListener('change', (event) => {
      if (!(event.target instanceof HTMLInputElement) || event.target.name !== 'delivery') return;
      for (const sums of this.querySelectorAll<HTMLElement>('[data-delivery]')) {
        sums.hidden = sums.dataset['delivery'] !== event.target.value;
      }
    });
  }
}

customElements.define('order-sum', OrderSum);
