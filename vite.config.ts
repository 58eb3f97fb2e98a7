import { defineConfig } from 'vite';

// Only what the browser gets: behaviours, styles and fonts. Node runs the server's TypeScript as it is.
export default defineConfig({
  appType: 'custom',
  publicDir: false,
  logLevel: 'warn',
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    manifest: true,
    emptyOutDir: true,
    assetsInlineLimit: 0,
    target: 'es2022',
    rolldownOptions: {
      input: {
        client: 'src/web/client.ts',
        snippet: 'src/web/snippet/snippet.ts',
        till: 'src/web/till/client/sell.tsx',
        'till-worker': 'src/web/till/client/service-worker.ts',
      },
      output: {
        // A script of any page, not a module: it knows by which element it came, and its names stay its own.
        banner: ({ name }) => (name === 'snippet' ? '(() => {' : ''),
        footer: ({ name }) => (name === 'snippet' ? '})();' : ''),
      },
    },
  },
});
