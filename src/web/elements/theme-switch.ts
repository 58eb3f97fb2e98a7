const YEAR = 365 * 24 * 60 * 60;

/** Turns light into dark and back at once; a cookie tells the server for the next page. */
class ThemeSwitch extends HTMLElement {
  connectedCallback() {
    this.addEventListener('submit', (event) => {
      event.preventDefault();
      const root = document.documentElement;
      const isDark = root.dataset['theme']
        ? root.dataset['theme'] === 'dark'
        : matchMedia('(prefers-color-scheme: dark)').matches;
      const theme = isDark ? 'light' : 'dark';
      root.dataset['theme'] = theme;
      // oxlint-disable-next-line unicorn/no-document-cookie -- the Cookie Store API is not in every browser yet
      document.cookie = `stoa_theme=${theme}; path=/; max-age=${YEAR}; samesite=lax`;
    });
  }
}

customElements.define('theme-switch', ThemeSwitch);
