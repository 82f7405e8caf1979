import { readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import ts from 'typescript';

/** One import or re-export of a module. */
export interface ModuleImport {
  /** As it is written. */
  readonly specifier: string;
  /** The module of the tree that it names, from `src/`; `undefined` for a package or a module of Node. */
  readonly target: string | undefined;
}

/** One module of the tree. */
export interface SourceModule {
  /** Its path from `src/`, with slashes. */
  readonly path: string;
  readonly imports: readonly ModuleImport[];
  readonly syntax: ts.SourceFile;
}

/** Parses every module under `<root>/src`. */
export function sourceModules(root: string): readonly SourceModule[] {
  const folder = join(root, 'src');
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => path.endsWith('.ts'))
    .map((path) => parseModule(path, readFileSync(join(folder, path), 'utf8')));
}

function parseModule(path: string, text: string): SourceModule {
  const syntax = ts.createSourceFile(path, text, ts.ScriptTarget.ESNext, true);
  const imports: ModuleImport[] = [];
  visit(syntax, (node) => {
    const specifier = importedModule(node);
    if (specifier === undefined) return;
    const target = specifier.startsWith('.') ? posix.join(posix.dirname(path), specifier) : undefined;
    imports.push({ specifier, target });
  });
  return { path, imports, syntax };
}

function importedModule(node: ts.Node): string | undefined {
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return stringValue(node.moduleSpecifier);
  if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument))
    return stringValue(node.argument.literal);
  if (ts.isExternalModuleReference(node)) return stringValue(node.expression);
  const imports = ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword;
  return imports ? stringValue(node.arguments[0]) : undefined;
}

function stringValue(node: ts.Node | undefined): string | undefined {
  return node !== undefined && ts.isStringLiteralLike(node) ? node.text : undefined;
}

/** Calls back for a node and everything below it. */
export function visit(node: ts.Node, callback: (node: ts.Node) => void): void {
  callback(node);
  ts.forEachChild(node, (child) => visit(child, callback));
}
