import type { HTMLAttributes } from 'preact';

// The tags that src/web/elements/ makes come alive in the browser. Without it they show what is inside them.
declare module 'preact' {
  namespace JSX {
    interface IntrinsicElements {
      'add-to-cart': HTMLAttributes;
      'area-map': HTMLAttributes & {
        'data-words': string;
        'data-tiles'?: string | undefined;
        'data-credit'?: string | undefined;
      };
      'fresh-ways': HTMLAttributes;
      'cart-badge': HTMLAttributes;
      'compare-tray': HTMLAttributes;
      'draft-keeper': HTMLAttributes & { 'data-kept': string; 'data-on': string };
      'filter-form': HTMLAttributes;
      'hotspot-picker': HTMLAttributes & { 'data-handle': string };
      'live-figures': HTMLAttributes;
      'map-steps': HTMLAttributes;
      'look-composer': HTMLAttributes & { 'data-look': string; 'data-words': string };
      'notice-bell': HTMLAttributes;
      'passkey-button': HTMLAttributes & {
        'data-ceremony': string;
        'data-next': string;
        'data-failed': string;
      };
      'order-sum': HTMLAttributes;
      'picture-gallery': HTMLAttributes;
      'pin-order': HTMLAttributes & { 'data-moved': string; 'data-failed': string };
      'post-composer': HTMLAttributes & { 'data-words': string };
      'quantity-box': HTMLAttributes;
      'search-box': HTMLAttributes;
      'share-link': HTMLAttributes & { 'data-name': string; 'data-facts': string; 'data-done': string };
      'talk-here': HTMLAttributes;
      'theme-switch': HTMLAttributes;
    }
  }
}
