import { globSync, readFileSync } from 'node:fs';
import ts from 'typescript';

/**
 * Where something happened is a fact about an order, and nothing decides by it. This check reads the source and refuses
 * what would: a comparison, a condition, a `switch`, a look-up by it or a test of its text, in TypeScript and in SQL. It
 * follows a touch point into a constant or a destructured name of the same file, and not into a function's parameter of
 * another name.
 */
interface Branch {
  line: number;
  code: string;
}

interface Allowed {
  path: string;
  /** The text of the expression; absent, the whole file. */
  code?: string;
  why: string;
}

const ASKED = 'keeps what the reader asked for, whichever it is';
const SHOWN = 'shows one where there is one';
const ALLOWED: Allowed[] = [
  { path: 'src/web/desk/touchpoints.ts', why: 'the one place that words it for display' },
  { path: 'src/read/order-list.ts', code: 'touchpoint', why: ASKED },
  { path: 'src/read/order-list.ts', code: 'o.touchpoint = ${touchpoint}', why: ASKED },
  { path: 'src/read/order-list.ts', code: 'o.touchpoint > touchpoint.value', why: 'lists all there are' },
  { path: 'src/web/desk/market-query.ts', code: 'query.touchpoint', why: ASKED },
  { path: 'src/web/desk/order-query.ts', code: 'touchpoint', why: ASKED },
  { path: 'src/web/desk/market-filters.tsx', code: 'view.touchpoint !== undefined', why: SHOWN },
  { path: 'src/web/desk/market-filters.tsx', code: 'touchpoint', why: SHOWN },
  {
    path: 'src/modules/satisfaction/migrations/20261202T1100-satisfaction.sql',
    why: 'one of its occasions is called “case”, which is no condition',
  },
  { path: 'src/web/desk/order-timeline.tsx', code: 'touchpoint', why: SHOWN },
];

const NAME = /^touch_?point$/i;
const COMPARES = new Set([
  ts.SyntaxKind.EqualsEqualsToken,
  ts.SyntaxKind.EqualsEqualsEqualsToken,
  ts.SyntaxKind.ExclamationEqualsToken,
  ts.SyntaxKind.ExclamationEqualsEqualsToken,
  ts.SyntaxKind.LessThanToken,
  ts.SyntaxKind.LessThanEqualsToken,
  ts.SyntaxKind.GreaterThanToken,
  ts.SyntaxKind.GreaterThanEqualsToken,
  ts.SyntaxKind.InKeyword,
  ts.SyntaxKind.AmpersandAmpersandToken,
  ts.SyntaxKind.BarBarToken,
]);
const SHORT = new Set([ts.SyntaxKind.AmpersandAmpersandToken, ts.SyntaxKind.BarBarToken]);
/** Of a text: what tells one from another. */
const TESTS_TEXT =
  /^(startsWith|endsWith|includes|indexOf|match|matchAll|search|split|localeCompare|at|charAt)$/;
/** Of a list, a map, a pattern or a statement: what asks by a value. */
const ASKS =
  /^(includes|has|get|test|exec|indexOf|startsWith|endsWith|match|find|equals?|isDeepStrictEqual|where|having|on|eb)$/;

const OPERATOR = String.raw`(?:=|<>|!=|<|>|~|!~|(?:not\s+)?i?like\b|(?:not\s+)?similar\b|(?:not\s+)?in\s*\(|is\s+(?:not\s+)?distinct\b)`;
const SQL = [
  new RegExp(String.raw`[\w."]*\btouch_?point\b"?(?:::\w+)?\s*${OPERATOR}\s*\S+`, 'gi'),
  new RegExp(String.raw`(?:'[^']*'|\S+)\s*(?:=|<>|!=)\s*(?:any\s*\()?[\w."]*\btouch_?point\b`, 'gi'),
  /\bcase\b(?:(?!\bend\b)[^])*?\btouch_?point\b/gi,
  /\b(?:if|multiIf|starts_?with|position|strpos|left|split_part|regexp_\w+|splitByChar|match)\s*\([^)]*\btouch_?point\b/gi,
];

/** Every place of a file that decides by the touch point. */
export function branchesIn(path: string, text: string): Branch[] {
  if (!/touch_?point/i.test(text)) return [];
  if (path.endsWith('.sql')) return inSql(text).map(({ at, code }) => ({ line: lineOf(text, at), code }));
  const kind = path.endsWith('x') ? ts.ScriptKind.TSX : ts.ScriptKind.TS;
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true, kind);
  const names = namesIn(file);
  const found = new Map<number, Branch>();
  const visit = (node: ts.Node): void => {
    for (const { at, code } of decidedAt(node, file, names)) {
      const line = file.getLineAndCharacterOfPosition(at).line + 1;
      if (!found.has(at)) found.set(at, { line, code: code.replaceAll(/\s+/g, ' ') });
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return [...found.values()];
}

interface Place {
  at: number;
  code: string;
}

function decidedAt(node: ts.Node, file: ts.SourceFile, names: ReadonlySet<string>): Place[] {
  const has = (part: ts.Node | undefined) => part !== undefined && mentions(part, names);
  const whole = (part: ts.Node): Place[] => [{ at: part.getStart(file), code: part.getText(file) }];
  if (ts.isBinaryExpression(node) && COMPARES.has(node.operatorToken.kind)) {
    // Of `a && b` only a is asked.
    if (SHORT.has(node.operatorToken.kind)) return has(node.left) ? whole(node.left) : [];
    return has(node.left) || has(node.right) ? whole(node) : [];
  }
  if (ts.isPrefixUnaryExpression(node) && node.operator === ts.SyntaxKind.ExclamationToken)
    return has(node.operand) ? whole(node) : [];
  if (ts.isIfStatement(node) || ts.isWhileStatement(node) || ts.isDoStatement(node))
    return has(node.expression) ? whole(node.expression) : [];
  if (ts.isSwitchStatement(node)) return has(node.expression) ? whole(node.expression) : [];
  if (ts.isCaseClause(node)) return has(node.expression) ? whole(node.expression) : [];
  if (ts.isConditionalExpression(node)) return has(node.condition) ? whole(node.condition) : [];
  if (ts.isElementAccessExpression(node)) return has(node.argumentExpression) ? whole(node) : [];
  if (ts.isCallExpression(node)) return asksBy(node, has) ? whole(node) : [];
  if (ts.isStringLiteralLike(node)) return placed(node, node.text, file);
  if (ts.isTemplateExpression(node)) return placed(node, node.getText(file).slice(1, -1), file);
  return [];
}

const placed = (node: ts.Node, text: string, file: ts.SourceFile): Place[] =>
  inSql(text).map(({ at, code }) => ({ at: node.getStart(file) + 1 + at, code }));

function asksBy(
  { expression, arguments: given }: ts.CallExpression,
  has: (part: ts.Node) => boolean,
): boolean {
  const isMethod = ts.isPropertyAccessExpression(expression);
  const name = isMethod ? expression.name.text : ts.isIdentifier(expression) ? expression.text : '';
  if (isMethod && TESTS_TEXT.test(name) && has(expression.expression)) return true;
  if (!ASKS.test(name)) return false;
  return given.some((each) => has(each) || (ts.isStringLiteralLike(each) && NAME.test(lastOf(each.text))));
}

const lastOf = (column: string) => column.slice(column.lastIndexOf('.') + 1);

/** A touch point somewhere in an expression; a function within it has conditions of its own. */
function mentions(node: ts.Node, names: ReadonlySet<string>): boolean {
  if (ts.isFunctionLike(node) || ts.isJsxElement(node) || ts.isJsxSelfClosingElement(node)) return false;
  if (ts.isIdentifier(node)) return names.has(node.text) || NAME.test(node.text);
  if (ts.isElementAccessExpression(node) && ts.isStringLiteralLike(node.argumentExpression))
    return NAME.test(node.argumentExpression.text) || mentions(node.expression, names);
  // An object that carries one is not one.
  if (ts.isObjectLiteralExpression(node)) return false;
  if (ts.isCallExpression(node) && ts.isIdentifier(node.expression)) return false;
  return ts.forEachChild(node, (child) => mentions(child, names) || undefined) ?? false;
}

/** The names that a file gives to a touch point, beside its own. */
function namesIn(file: ts.SourceFile): Set<string> {
  const names = new Set<string>();
  const visit = (node: ts.Node): void => {
    if (ts.isBindingElement(node) && ts.isIdentifier(node.name)) {
      const from = node.propertyName;
      if (from && ts.isIdentifier(from) && NAME.test(from.text)) names.add(node.name.text);
    }
    if (ts.isVariableDeclaration(node) && ts.isIdentifier(node.name) && node.initializer) {
      if (isOne(node.initializer)) names.add(node.name.text);
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return names;
}

const isOne = (node: ts.Expression): boolean =>
  (ts.isPropertyAccessExpression(node) && NAME.test(node.name.text)) ||
  (ts.isElementAccessExpression(node) &&
    ts.isStringLiteralLike(node.argumentExpression) &&
    NAME.test(node.argumentExpression.text));

function inSql(text: string): Place[] {
  return SQL.flatMap((pattern) =>
    [...text.matchAll(pattern)].map((match) => ({ at: match.index, code: match[0] })),
  );
}

const lineOf = (text: string, at: number) => text.slice(0, at).split('\n').length;

const isAllowed =
  (path: string, { code }: Branch) =>
  (each: Allowed) =>
    each.path === path && (each.code === undefined || each.code === code);

/** What the source has of them that is not allowed by name, and what is allowed in vain. */
function faultsOf(paths: readonly string[]): string[] {
  const used = new Set<Allowed>();
  const faults = paths.flatMap((path) =>
    branchesIn(path, readFileSync(path, 'utf8')).flatMap((branch) => {
      const allowed = ALLOWED.find(isAllowed(path, branch));
      if (allowed) used.add(allowed);
      return allowed ? [] : [`${path}:${branch.line} decides by the touch point: ${branch.code}`];
    }),
  );
  const spare = ALLOWED.filter((each) => !used.has(each));
  return [...faults, ...spare.map(({ path, code = '' }) => `${path} needs no leave any more: ${code}`)];
}

if (import.meta.main) {
  const isSource = (path: string) => !/\.(test|test-d)\.tsx?$|\/tables\.ts$/.test(path);
  const faults = faultsOf(globSync('src/**/*.{ts,tsx,sql}').filter(isSource).sort());
  process.stderr.write(faults.map((fault) => `${fault}\n`).join(''));
  process.exitCode = faults.length > 0 ? 1 : 0;
}
