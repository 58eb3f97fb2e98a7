/** Small pictures move the strip without moving the page; a chosen option shows its own picture. */
class PictureGallery extends HTMLElement {
  connectedCallback() {
    const strip = this.querySelector<HTMLElement>('.gallery-strip');
    if (!strip) return;
    this.addEventListener('click', (event) => {
      const link = (event.target as Element).closest<HTMLAnchorElement>('a[href^="#"]');
      const slide = link && document.getElementById(link.hash.slice(1));
      if (!slide) return;
      event.preventDefault();
      show(strip, slide);
    });
    document.addEventListener('option', (event) => {
      const { detail } = event as CustomEvent<string[]>;
      const slides = [...strip.children] as HTMLElement[];
      const slide = slides.find(({ dataset }) => dataset['option'] && detail.includes(dataset['option']));
      if (slide) show(strip, slide);
    });
    const seen = new IntersectionObserver((entries) => this.#mark(entries), { root: strip, threshold: 0.6 });
    for (const slide of strip.children) seen.observe(slide);
  }

  #mark(entries: IntersectionObserverEntry[]) {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting) continue;
      for (const link of this.querySelectorAll('.gallery-thumbs a')) {
        link.ariaCurrent = link.getAttribute('href') === `#${target.id}` ? 'true' : null;
      }
    }
  }
}

function show(strip: HTMLElement, slide: HTMLElement) {
  const still = matchMedia('(prefers-reduced-motion: reduce)').matches;
  strip.scrollTo({ left: slide.offsetLeft - strip.offsetLeft, behavior: still ? 'instant' : 'smooth' });
}

customElements.define('picture-gallery', PictureGallery);
