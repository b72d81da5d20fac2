/** Reads emitted types: what a module exports, where that is declared, and which types its declaration names. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseSync } from 'oxc-parser';
import { typesOf } from './public-types.ts';

/** One declaration; a function with several signatures has one for each. */
export interface Declared {
  readonly name: string;
  /** Its file, below the directory of the types. */
  readonly file: string;
  /** The comment above it, as prose; '' if there is none. */
  readonly about: string;
  readonly text: string;
  /** The names of the types in it. */
  readonly uses: readonly Origin[];
}

export interface Types {
  /** Returns what can be imported from a module, by its name there. Throws if a name leads nowhere. */
  exportsOf(file: string): Map<string, readonly Declared[]>;
  /** Returns the declarations in these types that a declaration refers to. */
  usedBy(declared: Declared): Declared[];
  /** Returns the comment at the top of a module. */
  aboutOf(file: string): string;
}

/** Where a name comes from; `module` is '' if it is declared or imported in the same module. */
interface Origin {
  readonly module: string;
  readonly name: string;
}

interface Module {
  readonly about: string;
  readonly declared: ReadonlyMap<string, readonly Declared[]>;
  /** By the local name. */
  readonly imported: ReadonlyMap<string, Origin>;
  /** By the exported name. */
  readonly exported: ReadonlyMap<string, Origin>;
}

/** Opens the types below a directory. Each file is read when it is first needed. */
export function openTypes(directory: string): Types {
  const modules = new Map<string, Module>();
  const moduleOf = (file: string): Module => {
    const known = modules.get(file) ?? readModule(file, readFileSync(join(directory, file), 'utf8'));
    modules.set(file, known);
    return known;
  };

  /** Returns what a name means inside a module; [] if it comes from a package or the language. */
  function meant(file: string, name: string): readonly Declared[] {
    const { declared, imported } = moduleOf(file);
    const origin = imported.get(name);
    return declared.get(name) ?? (origin === undefined ? [] : from(file, origin));
  }

  function from(file: string, { module, name }: Origin): readonly Declared[] {
    if (module === '') return meant(file, name);
    if (!module.startsWith('.')) return [];
    const target = typesOf(file, module);
    const origin = moduleOf(target).exported.get(name);
    if (origin === undefined) throw new Error(`${target} exports no ${name}, which ${file} takes from it`);
    return from(target, origin);
  }

  return {
    aboutOf: (file) => moduleOf(file).about,
    exportsOf: (file) =>
      new Map([...moduleOf(file).exported].map(([name, origin]) => [name, from(file, origin)])),
    usedBy: ({ file, uses }) => uses.flatMap((origin) => from(file, origin)),
  };
}

function readModule(file: string, source: string): Module {
  const { program, comments, errors } = parseSync(file, source);
  if (errors.length > 0) throw new Error(`${file}: ${errors[0]?.message}`);
  const declared = new Map<string, Declared[]>();
  const imported = new Map<string, Origin>();
  const exported = new Map<string, Origin>();
  const aboutAt = (start: number) =>
    proseOf(comments.findLast(({ end }) => end <= start && /^\s*$/u.test(source.slice(end, start)))?.value);

  const declare = (node: { start: number; end: number }, name: string, of: object) => {
    const text = source
      .slice(node.start, node.end)
      .replace(/^export (?:default )?(?:declare )?|^declare /u, '');
    const known = declared.get(name) ?? [];
    declared.set(name, [...known, { name, file, about: aboutAt(node.start), text, uses: typesNamedIn(of) }]);
  };
  for (const node of program.body) {
    if (node.type === 'ImportDeclaration') {
      for (const specifier of node.specifiers) {
        const name = specifier.type === 'ImportSpecifier' ? nameOf(specifier.imported) : 'default';
        imported.set(specifier.local.name, { module: node.source.value, name });
      }
    } else if (node.type === 'ExportAllDeclaration') {
      throw new Error(`${file}: export * is not read`);
    } else if (node.type === 'ExportNamedDeclaration') {
      for (const { local, exported: as } of node.specifiers) {
        exported.set(nameOf(as), { module: node.source?.value ?? '', name: nameOf(local) });
      }
      for (const name of namesDeclaredBy(node.declaration)) {
        declare(node, name, node);
        exported.set(name, { module: '', name });
      }
    } else {
      for (const name of namesDeclaredBy(node)) declare(node, name, node);
    }
  }
  return { about: proseOf(comments.find(({ start }) => start === 0)?.value), declared, imported, exported };
}

type Node = Readonly<Record<string, unknown>> & { readonly type: string };

/** Returns the types that a declaration names: references, `typeof`, what it extends, and `import('…').Name`. */
function typesNamedIn(value: unknown): Origin[] {
  if (Array.isArray(value)) return value.flatMap(typesNamedIn);
  if (!isNode(value)) return [];
  const inside = Object.values(value).flatMap(typesNamedIn);
  if (value.type === 'TSImportType') {
    return [
      { module: (value.source as { value: string }).value, name: firstName(value.qualifier) },
      ...inside,
    ];
  }
  const named = value.typeName ?? value.exprName ?? value.superClass ?? value.expression;
  return isNode(named) && named.type !== 'TSImportType'
    ? [{ module: '', name: firstName(named) }, ...inside]
    : inside;
}

/** Returns the `a` of `a.b.C`. */
function firstName(name: unknown): string {
  if (!isNode(name)) return 'default';
  return name.type === 'TSQualifiedName' ? firstName(name.left) : String(name.name);
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value;
}

/** Returns the names that a statement declares. */
function namesDeclaredBy(statement: unknown): string[] {
  if (!isNode(statement)) return [];
  const declarations = Array.isArray(statement.declarations) ? statement.declarations : [statement];
  return declarations.flatMap(({ id }) => (isNode(id) ? [String(id.name)] : []));
}

function nameOf(name: { readonly name: string } | { readonly value: string }): string {
  return 'name' in name ? name.name : name.value;
}

/** Returns a comment without its asterisks. */
function proseOf(comment: string | undefined): string {
  if (!comment?.startsWith('*')) return '';
  return comment
    .slice(1)
    .split('\n')
    .map((line) => line.replace(/^\s*\* ?/u, ''))
    .join('\n')
    .trim();
}
