const LIMIT = 4;

/** Keeps a choice of up to four products while somebody walks through the shop, and opens them side by side. */
class CompareTray extends HTMLElement {
  connectedCallback() {
    this.#show(remembered());
    document.addEventListener('click', (event) => {
      const button = (event.target as Element).closest<HTMLElement>('[data-compare]');
      const slug = button?.dataset['compare'];
      if (!slug) return;
      event.preventDefault();
      const slugs = remembered();
      const next = slugs.includes(slug)
        ? slugs.filter((each) => each !== slug)
        : [...slugs, slug].slice(-LIMIT);
      sessionStorage.setItem('compare', JSON.stringify(next));
      this.#show(next);
    });
  }

  #show(slugs: string[]) {
    for (const button of document.querySelectorAll<HTMLElement>('[data-compare]')) {
      button.ariaPressed = String(slugs.includes(button.dataset['compare'] ?? ''));
    }
    const link = this.querySelector('a');
    if (link) link.href = `/compare?${new URLSearchParams(slugs.map((slug) => ['p', slug]))}`;
    const count = this.querySelector('output');
    if (count) count.textContent = String(slugs.length);
    this.hidden = slugs.length < 2;
  }
}

function remembered(): string[] {
  try {
    const slugs: unknown = JSON.parse(sessionStorage.getItem('compare') ?? '[]');
    return Array.isArray(slugs) ? slugs.filter((slug) => typeof slug === 'string').slice(0, LIMIT) : [];
  } catch {
    return [];
  }
}

customElements.define('compare-tray', CompareTray);
