import { readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';
import { transformSync } from 'oxc-transform';

// Node strips types from .ts by itself; this hook lets it run .tsx too. Used as: node --import ./src/web/tsx.ts
registerHooks({
  load(url, context, nextLoad) {
    if (!url.endsWith('.tsx')) return nextLoad(url, context);
    const file = fileURLToPath(url);
    const jsx = { runtime: 'automatic', importSource: 'preact' } as const;
    const { code, errors } = transformSync(file, readFileSync(file, 'utf8'), { jsx });
    if (errors.length > 0) throw new SyntaxError(errors.map(({ message }) => message).join('\n'));
    return { format: 'module', source: code, shortCircuit: true };
  },
});
