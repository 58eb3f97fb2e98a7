/** How many things are in the cart. Any code announces a new number with a "cart" event on the document. */
class CartBadge extends HTMLElement {
  connectedCallback() {
    document.addEventListener('cart', this.#show);
  }

  disconnectedCallback() {
    document.removeEventListener('cart', this.#show);
  }

  readonly #show = (event: Event) => {
    const count = (event as CustomEvent<number>).detail;
    this.textContent = String(count);
    this.hidden = count === 0;
  };
}

customElements.define('cart-badge', CartBadge);
