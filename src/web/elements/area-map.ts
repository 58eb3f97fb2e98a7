/** A map beside the parts of an area. Its code is fetched where there is such a form, and nowhere else. */
class AreaMap extends HTMLElement {
  connectedCallback() {
    void import('./area-drawing.ts').then(({ drawArea }) => drawArea(this));
  }
}

customElements.define('area-map', AreaMap);
