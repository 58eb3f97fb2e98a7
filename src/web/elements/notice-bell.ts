/** How many notices wait to be seen, as it changes. A page that nobody looks at holds no stream. */
class NoticeBell extends HTMLElement {
  #source: EventSource | undefined;

  connectedCallback() {
    document.addEventListener('visibilitychange', this.#follow);
    this.#follow();
  }

  disconnectedCallback() {
    document.removeEventListener('visibilitychange', this.#follow);
    this.#source?.close();
  }

  readonly #follow = () => {
    this.#source?.close();
    this.#source = undefined;
    if (document.hidden) return;
    this.#source = new EventSource('/notices/live');
    this.#source.addEventListener('unseen', (event) => this.#show(Number(event.data)));
  };

  #show(count: number) {
    this.hidden = count === 0;
    this.textContent = count > 99 ? '99+' : String(count);
  }
}

customElements.define('notice-bell', NoticeBell);
