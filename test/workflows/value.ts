/** Values of expressions as plain JSON, and back. */
import { data } from '@actions/expressions';

/** What an expression comes to, and what contexts are made of. */
export type Value = null | boolean | number | string | readonly Value[] | ValueObject;

/** An object of a context. */
export interface ValueObject {
  readonly [name: string]: Value;
}

/** Tells objects from lists and scalars. */
export const isObject = (value: Value | undefined): value is ValueObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Tells lists from objects and scalars. */
export const isList = (value: Value | undefined): value is readonly Value[] => Array.isArray(value);

/** As the expressions package takes it. */
export function toData(value: Value): data.ExpressionData {
  if (value === null) return new data.Null();
  if (typeof value === 'string') return new data.StringData(value);
  if (typeof value === 'number') return new data.NumberData(value);
  if (typeof value === 'boolean') return new data.BooleanData(value);
  if (isList(value)) return new data.Array(...value.map(toData));
  return new data.Dictionary(...Object.entries(value).map(([key, member]) => ({ key, value: toData(member) })));
}

/** As the expressions package gives it. */
export function fromData(given: data.ExpressionData): Value {
  switch (given.kind) {
    case data.Kind.String:
      return given.coerceString();
    case data.Kind.Number:
      return given.number();
    case data.Kind.Boolean:
      return given.value;
    case data.Kind.Array:
      return given.values().map(fromData);
    case data.Kind.Dictionary:
      return Object.fromEntries(given.pairs().map(({ key, value }) => [key, fromData(value)]));
    case data.Kind.Null:
      return null;
  }
}

/** As part of a text: `env`, `with`, `run`. Lists and objects come out as `Array` and `Object`. */
export const textOf = (value: Value): string => toData(value).coerceString();
