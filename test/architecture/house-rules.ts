import ts from 'typescript';
import { type SourceModule, visit } from './source-tree.ts';

const maxLines = 300;

/** Tells of modules that are too long, are named for nothing, or export or cast in ways that this code does not. */
export function houseFaults(modules: readonly SourceModule[]): readonly string[] {
  return modules.flatMap((module) => [...nameFaults(module), ...syntaxFaults(module)]);
}

function nameFaults({ path, syntax }: SourceModule): readonly string[] {
  const faults: string[] = [];
  const lines = syntax.text.trimEnd().split('\n').length;
  if (lines > maxLines) faults.push(`${path} has ${lines} lines`);
  if (!/^([a-z0-9-]+\/)*[a-z0-9-]+\.ts$/.test(path)) faults.push(`${path} is not in kebab-case`);
  if (/(^|[/-])(utils?|helpers?|misc|common)([/.-])/.test(path)) faults.push(`${path} names no idea`);
  return faults;
}

function syntaxFaults({ path, syntax }: SourceModule): readonly string[] {
  const faults: string[] = [];
  visit(syntax, (node) => {
    const what = unwelcome(node) ?? classOfOneRealm(node, path);
    if (what === undefined) return;
    const { line } = syntax.getLineAndCharacterOfPosition(node.getStart());
    faults.push(`${path}:${line + 1} has ${what}`);
  });
  return faults;
}

/** Under jest, modules run in a context of their own: what Node makes is no instance of these there. */
function classOfOneRealm(node: ts.Node, path: string): string | undefined {
  if (path === 'core/is-error.ts' || !ts.isBinaryExpression(node)) return undefined;
  const text = node.right.getText();
  const isTest = node.operatorToken.kind === ts.SyntaxKind.InstanceOfKeyword;
  return isTest && ['Error', 'Promise'].includes(text) ? `\`instanceof ${text}\`` : undefined;
}

function unwelcome(node: ts.Node): string | undefined {
  if (
    ts.isExportDeclaration(node) &&
    (node.exportClause === undefined || ts.isNamespaceExport(node.exportClause))
  ) {
    return '`export *`';
  }
  if (ts.isExportAssignment(node) || node.kind === ts.SyntaxKind.DefaultKeyword) return 'a default export';
  if (ts.isExportSpecifier(node) && node.name.text === 'default') return 'a default export';
  if (ts.isAsExpression(node) && ts.isAsExpression(node.expression)) return 'a cast of a cast';
  return undefined;
}
