import { dirname, join } from 'node:path/posix';
import {
  type BinaryExpression,
  type Expression,
  type Node,
  type ParseResult,
  parseSync,
  Visitor,
} from 'oxc-parser';

/** What is read from one file. */
export interface SourceFile {
  readonly path: string;
  readonly lines: number;
  /** Modules as written, types included; relative ones as paths below `src/`. */
  readonly imports: readonly string[];
  readonly reexports: boolean;
  readonly exportNames: readonly string[];
  readonly uses: readonly string[];
  /** Whether it declares a value plain text without cleaning it: by a cast, a predicate, or a suppressed error. */
  readonly claimsPlainText: boolean;
  /** By name, if they have one, and length. */
  readonly functions: readonly { readonly name: string; readonly lines: number }[];
}

/** Parses a file, and collects what the architecture's rules need. Throws if it cannot be parsed. */
export function readSourceFile(path: string, source: string): SourceFile {
  const parsed = parseSync(path, source);
  if (parsed.errors.length > 0) throw new Error(`${path}: ${parsed.errors[0]?.message}`);
  const exported = parsed.module.staticExports.flatMap(({ entries }) => entries);
  return {
    path,
    lines: source.trimEnd().split('\n').length,
    imports: [...new Set(modulesImported(parsed, source).map((module) => resolved(path, module)))],
    reexports: exported.some((entry) => entry.moduleRequest?.value.startsWith('.') ?? false),
    exportNames: exported.map((entry) =>
      entry.exportName.kind === 'Default' ? 'default' : (entry.exportName.name ?? ''),
    ),
    uses: usesOf(parsed),
    claimsPlainText: claimsPlainText(parsed, source),
    functions: functionsOf(parsed, source),
  };
}

function modulesImported({ module }: ParseResult, source: string): string[] {
  const exported = module.staticExports.flatMap(({ entries }) => entries);
  return [
    ...module.staticImports.map(({ moduleRequest }) => moduleRequest.value),
    ...exported.flatMap(({ moduleRequest }) => moduleRequest?.value ?? []),
    ...module.dynamicImports.map(({ moduleRequest: { start, end } }) => source.slice(start + 1, end - 1)),
  ];
}

/** Returns the names that a file uses, as `name`, `object.property` and `new Name()`. */
function usesOf({ program }: ParseResult): string[] {
  const uses = new Set<string>();
  new Visitor({
    Identifier: ({ name }) => uses.add(name),
    MemberExpression: ({ object, property }) => {
      const stream = object.type === 'MemberExpression' ? object.property : object;
      if (isNamed(property, 'write') && (isNamed(stream, 'stdout') || isNamed(stream, 'stderr')))
        uses.add('a write to stdout or stderr');
      if (object.type === 'Identifier' && property.type === 'Identifier')
        uses.add(`${object.name}.${property.name}`);
    },
    BinaryExpression: ({ left, operator, right }) => {
      if (/^[-+<>]/.test(operator) && (isNow(left) || isNow(right))) uses.add('arithmetic on now()');
    },
    VariableDeclaration: ({ kind, declarations }) => {
      if (kind.endsWith('using') && !declarations.every(({ init }) => isCallOf('closing', init)))
        uses.add('using');
    },
    NewExpression: ({ callee, arguments: given }) => {
      if (callee.type === 'Identifier' && given.length === 0) uses.add(`new ${callee.name}()`);
    },
  }).visit(program);
  return [...uses];
}

function isNamed(node: Node, name: string): boolean {
  return node.type === 'Identifier' && node.name === name;
}

function isNow(node: BinaryExpression['left']): boolean {
  if (node.type !== 'CallExpression' || node.callee.type !== 'MemberExpression') return false;
  const { property } = node.callee;
  return property.type === 'Identifier' && property.name === 'now';
}

function isCallOf(name: string, node: Expression | null): boolean {
  return node?.type === 'CallExpression' && node.callee.type === 'Identifier' && node.callee.name === name;
}

/** Tells whether it is a file of `src/`, and not a package. */
export function isOwn(module: string): boolean {
  return /\.tsx?$/.test(module) && !module.startsWith('.');
}

function resolved(path: string, module: string): string {
  return module.startsWith('.') ? join(dirname(path), module) : module;
}

/** Types that are plain text, or are accepted as it. */
const PASSES_FOR_PLAIN_TEXT = /\b(PlainText|Plain|SourceId|any|never)\b/u;
const KEEPS_THE_COMPILER_SILENT = /@ts-(ignore|expect-error|nocheck)/u;

function claimsPlainText({ program, comments }: ParseResult, source: string): boolean {
  let claims = comments.some(({ value }) => KEEPS_THE_COMPILER_SILENT.test(value));
  const check = ({ typeAnnotation: type }: { typeAnnotation: { start: number; end: number } | null }) => {
    claims ||= type !== null && PASSES_FOR_PLAIN_TEXT.test(source.slice(type.start, type.end));
  };
  new Visitor({ TSAsExpression: check, TSTypeAssertion: check, TSTypePredicate: check }).visit(program);
  return claims;
}

function functionsOf({ program }: ParseResult, source: string): SourceFile['functions'] {
  const found: { name: string; lines: number }[] = [];
  const add = (name: string | undefined, { start, end }: { start: number; end: number }) =>
    found.push({ name: name ?? 'a function', lines: source.slice(start, end).split('\n').length });
  new Visitor({
    FunctionDeclaration: (node) => add(node.id?.name, node),
    FunctionExpression: (node) => add(node.id?.name, node),
    ArrowFunctionExpression: (node) => add(undefined, node),
  }).visit(program);
  return found;
}
