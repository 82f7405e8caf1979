import ts from 'typescript';
import { type SourceModule, visit } from './source-tree.ts';

/** Globals that know the time, do something later, or reach outside. */
const impure = new Set([
  'AbortController',
  'Promise',
  'clearImmediate',
  'clearInterval',
  'clearTimeout',
  'console',
  'crypto',
  'fetch',
  'globalThis',
  'performance',
  'process',
  'queueMicrotask',
  'require',
  'setImmediate',
  'setInterval',
  'setTimeout',
]);

/** Tells of every place in `core/` that reads a clock, waits, draws a random number or reaches outside. */
export function purityFaults(modules: readonly SourceModule[]): readonly string[] {
  const faults: string[] = [];
  for (const { path, syntax } of modules) {
    if (!path.startsWith('core/')) continue;
    visit(syntax, (node) => {
      const what = impurity(node);
      if (what === undefined) return;
      const { line } = syntax.getLineAndCharacterOfPosition(node.getStart());
      faults.push(`${path}:${line + 1} is not pure: ${what}`);
    });
  }
  return faults;
}

function impurity(node: ts.Node): string | undefined {
  if (ts.isIdentifier(node) && impure.has(node.text) && !isName(node)) return node.text;
  if (ts.isPropertyAccessExpression(node)) {
    const text = node.getText();
    if (text === 'Date.now' || text === 'Math.random') return text;
  }
  // A Date of the present: `new Date()`, and `Date()` whatever it is given.
  const isDate =
    (ts.isNewExpression(node) || ts.isCallExpression(node)) && node.expression.getText() === 'Date';
  if (isDate && (ts.isCallExpression(node) || (node.arguments ?? []).length === 0)) return 'Date()';
  if (ts.isAwaitExpression(node) || node.kind === ts.SyntaxKind.AsyncKeyword) return 'async or await';
  return undefined;
}

/** Whether an identifier names a member rather than a global. */
function isName(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent)) return parent.name === node;
  return (
    (ts.isPropertyAssignment(parent) || ts.isPropertySignature(parent) || ts.isPropertyDeclaration(parent)) &&
    parent.name === node
  );
}
