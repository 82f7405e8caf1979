import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import type { CodeBlock } from './code-blocks.ts';

/** What every block may use without saying where it comes from: a URL that answers, somewhere to pipe a body to, and a package without types. */
const ambient = `declare const url: string;
declare const destination: import('node:stream').Writable;
declare module 'make-fetch-happen';
`;

/** Compiles the blocks against the sources of the package, each as a module of its own, and tells of every error. */
export function compileFaults(root: string, blocks: readonly CodeBlock[]): readonly string[] {
  const texts = new Map([[join(root, 'ambient.d.ts'), ambient]]);
  const byName = new Map<string, CodeBlock>();
  for (const block of blocks) {
    const name = join(root, `${block.file.replaceAll('/', '.')}.${block.line}.ts`);
    // The empty lines before it make the compiler's line numbers those of the file.
    texts.set(name, `${'\n'.repeat(block.line)}${block.code}\nexport {};\n`);
    byName.set(name, block);
  }
  const options = compilerOptions(root);
  const program = ts.createProgram([...texts.keys()], options, hostWith(texts, options));
  return [...byName].flatMap(([name, block]) => {
    const file = program.getSourceFile(name);
    const diagnostics = [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)];
    return diagnostics.map(({ start, messageText }) => {
      const line = file?.getLineAndCharacterOfPosition(start ?? 0).line ?? 0;
      return `${block.file}:${line + 1} ${ts.flattenDiagnosticMessageText(messageText, ' ')}`;
    });
  });
}

function compilerOptions(root: string): ts.CompilerOptions {
  const read = ts.readConfigFile(join(root, 'tsconfig.test.json'), (file) => readFileSync(file, 'utf8'));
  const { options } = ts.parseJsonConfigFileContent(read.config, ts.sys, root);
  return {
    ...options,
    allowJs: false,
    noUnusedLocals: false,
    noUnusedParameters: false,
  };
}

function hostWith(texts: ReadonlyMap<string, string>, options: ts.CompilerOptions): ts.CompilerHost {
  const host = ts.createCompilerHost(options, true);
  return {
    ...host,
    fileExists: (file) => texts.has(file) || host.fileExists(file),
    readFile: (file) => texts.get(file) ?? host.readFile(file),
    getSourceFile: (file, languageVersion, ...rest) => {
      const text = texts.get(file);
      if (text === undefined) return host.getSourceFile(file, languageVersion, ...rest);
      return ts.createSourceFile(file, text, languageVersion, true);
    },
  };
}
