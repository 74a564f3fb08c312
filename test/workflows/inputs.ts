/** Checks the inputs of a workflow, with GitHub's messages. */
import { evaluate, type Scope } from './evaluate.ts';
import type { InputDefinition } from './model.ts';
import { members, placeOf, type Template } from './template.ts';
import { textOf, type Value, type ValueObject } from './value.ts';

/** Default of an input. */
function unset(type: string): Value {
  if (type === 'boolean') return false;
  return type === 'number' ? 0 : '';
}

const byName = (definitions: readonly InputDefinition[], name: string): InputDefinition | undefined =>
  definitions.find((definition) => definition.name.toLowerCase() === name.toLowerCase());

/** Numbers and booleans are converted to an expected string. The reverse isn't allowed (actions/runner#2206). */
function typed(value: Value, type: string, place: Template): Value {
  if (type === 'string' && (typeof value !== 'object' || value === null)) return textOf(value);
  if (typeof value === type) return value;
  const expected = `${type.charAt(0).toUpperCase()}${type.slice(1)}`;
  throw new Error(`${placeOf(place)}: Unexpected type of value '${textOf(value)}', expected type: ${expected}.`);
}

function defaultOf({ type, default: template }: InputDefinition, scope: Scope): Value {
  return template === undefined ? unset(type) : typed(evaluate(template, scope), type, template);
}

/**
 * The inputs of a called workflow. The parser has already rejected missing and unknown ones.
 * @param given the `with:` of the calling job
 * @param caller contexts of the calling job
 * @param called contexts of the defaults
 * @throws if a value doesn't have the type of its input
 */
export function callInputs(
  definitions: readonly InputDefinition[],
  given: Template | undefined,
  caller: Scope,
  called: Scope,
): ValueObject {
  const values = members(given).map(([name, template]) => {
    const definition = byName(definitions, name);
    return [
      definition?.name ?? name,
      typed(evaluate(template, caller), definition?.type ?? 'string', template),
    ] as const;
  });
  const defaults = definitions.map((definition) => [definition.name, defaultOf(definition, called)] as const);
  return { ...Object.fromEntries(defaults), ...Object.fromEntries(values) };
}

/** Values from the form or the API. */
export type GivenInputs = Readonly<Record<string, string | boolean | number>>;

/** A value that the form doesn't accept. */
function wrong(definition: InputDefinition, value: string): string | undefined {
  const { name, type, options } = definition;
  const refused = `Provided value '${value}' for input '${name}' not in the list of allowed values`;
  if (type === 'choice' && !options.includes(value)) return refused;
  if (type === 'boolean' && value !== 'true' && value !== 'false') return refused;
  if (type === 'number' && (value === '' || Number.isNaN(Number(value)))) return refused;
  return undefined;
}

function fromForm(type: string, value: string): Value {
  if (type === 'boolean') return value === 'true';
  return type === 'number' ? Number(value) : value;
}

/** The problems of the inputs of a `workflow_dispatch`, in the words of its API. Empty if there are none. */
export function dispatchErrors(definitions: readonly InputDefinition[], given: GivenInputs): readonly string[] {
  const names = Object.keys(given);
  const unknown = names.filter((name) => byName(definitions, name) === undefined);
  const missing = definitions.filter(
    (definition) => definition.required && definition.default === undefined && !names.includes(definition.name),
  );
  return [
    ...(unknown.length > 0 ? [`Unexpected inputs provided: ${JSON.stringify(unknown)}`] : []),
    ...missing.map(({ name }) => `Required input '${name}' not provided`),
    ...names.flatMap((name) => {
      const definition = byName(definitions, name);
      return (definition && wrong(definition, String(given[name]))) ?? [];
    }),
  ];
}

/** The inputs of a `workflow_dispatch` with their types and defaults. */
export function dispatchInputs(definitions: readonly InputDefinition[], given: GivenInputs, scope: Scope): ValueObject {
  return Object.fromEntries(
    definitions.map((definition) => {
      const value = given[definition.name];
      return [
        definition.name,
        value === undefined ? formDefault(definition, scope) : fromForm(definition.type, String(value)),
      ];
    }),
  );
}

/** A choice without a default is its first option. */
function formDefault({ type, default: template, options }: InputDefinition, scope: Scope): Value {
  if (template !== undefined) return fromForm(type, textOf(evaluate(template, scope)));
  return type === 'choice' ? (options[0] ?? '') : unset(type);
}
