import { readFileSync } from 'node:fs';
import ts from 'typescript';

/**
 * The words that a type of a source file allows: the members of a union of strings, the `type` of each member of a union
 * of objects, or the property names of an interface.
 */
export function declaredWords(file: string, typeName: string): readonly string[] {
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.ES2023);
  for (const statement of source.statements) {
    if (ts.isInterfaceDeclaration(statement) && statement.name.text === typeName) {
      return statement.members.flatMap(memberName);
    }
    if (ts.isTypeAliasDeclaration(statement) && statement.name.text === typeName)
      return wordsOf(statement.type);
  }
  throw new Error(`${file} declares no type ${typeName}.`);
}

function wordsOf(type: ts.TypeNode): readonly string[] {
  if (ts.isUnionTypeNode(type)) return type.types.flatMap(wordsOf);
  if (ts.isLiteralTypeNode(type) && ts.isStringLiteral(type.literal)) return [type.literal.text];
  if (!ts.isTypeLiteralNode(type)) return [];
  return type.members
    .filter((member) => ts.isPropertySignature(member))
    .filter((member) => memberName(member)[0] === 'type')
    .flatMap((member) => (member.type === undefined ? [] : wordsOf(member.type)));
}

function memberName(member: ts.TypeElement): readonly string[] {
  return member.name !== undefined && ts.isIdentifier(member.name) ? [member.name.text] : [];
}
