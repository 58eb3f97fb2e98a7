/** Makes a look on a canvas in place of ticking products. Its code is fetched where there is one, and nowhere else. */
class LookComposer extends HTMLElement {
  connectedCallback() {
    void import('./look-composing.tsx').then(({ compose }) => compose(this));
  }
}

customElements.define('look-composer', LookComposer);
