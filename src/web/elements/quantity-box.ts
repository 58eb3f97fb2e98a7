/** Sends a changed quantity by itself; its button, there for browsers without script, goes. */
class QuantityBox extends HTMLElement {
  connectedCallback() {
    const form = this.querySelector('form');
    const button = form?.querySelector('button');
    if (!form || !button) return;
    button.classList.add('visually-hidden');
    form.addEventListener('change', () => {
      if (form.reportValidity()) form.requestSubmit(button);
    });
  }
}

customElements.define('quantity-box', QuantityBox);
