/** Converts values of expressions to plain JSON, and back. */
import { data } from '@actions/expressions';

/** A value of an expression or a context. */
export type Value = null | boolean | number | string | readonly Value[] | ValueObject;

/** An object of a context. */
export interface ValueObject {
  readonly [name: string]: Value;
}

/** Whether a value is an object. */
export const isObject = (value: Value | undefined): value is ValueObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Whether a value is a list. */
export const isList = (value: Value | undefined): value is readonly Value[] => Array.isArray(value);

/** Converts a value for the expressions package. */
export function toData(value: Value): data.ExpressionData {
  if (value === null) return new data.Null();
  if (typeof value === 'string') return new data.StringData(value);
  if (typeof value === 'number') return new data.NumberData(value);
  if (typeof value === 'boolean') return new data.BooleanData(value);
  if (isList(value)) return new data.Array(...value.map(toData));
  return new data.Dictionary(...Object.entries(value).map(([key, member]) => ({ key, value: toData(member) })));
}

/** Converts a value of the expressions package. */
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

/** A value as part of a text: `env`, `with`, `run`. Lists and objects are `Array` and `Object`. */
export const textOf = (value: Value): string => toData(value).coerceString();
