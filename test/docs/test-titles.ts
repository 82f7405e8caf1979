import { readFileSync } from 'node:fs';
import ts from 'typescript';

/**
 * The titles of the tests and groups of a test file, as they are written there, so with the `%s` of tables. One inside of a
 * group is there twice: by itself, and behind the titles of its groups and ` > `.
 */
export function testTitles(file: string): readonly string[] {
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.ES2023);
  const titles: string[] = [];
  const visit = (node: ts.Node, groups: readonly string[]): void => {
    const title = ts.isCallExpression(node) ? titleOf(node) : undefined;
    if (title !== undefined) {
      titles.push(title);
      if (groups.length > 0) titles.push([...groups, title].join(' > '));
    }
    const inner = title === undefined ? groups : [...groups, title];
    ts.forEachChild(node, (child) => visit(child, inner));
  };
  visit(source, []);
  return titles;
}

/** The title that a call gives a test or group, as in `it('…')`, `it.each(rows)('…')` and `describe.runIf(yes).each(rows)('…')`. */
function titleOf({ expression, arguments: [title] }: ts.CallExpression): string | undefined {
  if (title === undefined || !ts.isStringLiteralLike(title)) return undefined;
  return /^(?:describe|it|test)$/.test(rootOf(expression)) ? title.text : undefined;
}

/** The name that a chain of members and calls begins with. */
function rootOf(expression: ts.Expression): string {
  if (ts.isPropertyAccessExpression(expression) || ts.isCallExpression(expression))
    return rootOf(expression.expression);
  return ts.isIdentifier(expression) ? expression.text : '';
}
