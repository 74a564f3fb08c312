/** Lists of ARM. */
import * as z from 'zod';
import { describeSchemaError, transferError } from '../../transfer/errors/index.ts';
import { PagingError, readPages } from '../http/index.ts';
import { parseBody, parseOr404, type Arm, type ArmQuery, type ArmResponse } from './client.ts';

/** A list. */
interface ArmList<Item extends z.ZodType> {
  readonly id: string;
  /** Null: the query of Microsoft.ContainerRegistry. */
  readonly query: ArmQuery | null;
  /** Schema of an entry. */
  readonly item: Item;
  /** Operation for messages: `list pipeline runs`. */
  readonly what: string;
}

const pageOf = <Item extends z.ZodType>(item: Item) =>
  z.object({ value: z.array(item), nextLink: z.string().nullish() });

/** A page in a response. */
interface ListedPage<Value> {
  readonly response: ArmResponse;
  readonly value: readonly Value[];
}

/** Reads all pages of a list. `parse` returns null if the list doesn't exist. */
function armPages<Item extends z.ZodType>(
  arm: Arm,
  { id, query, item }: ArmList<Item>,
  parse: (
    response: ArmResponse,
    page: ReturnType<typeof pageOf<Item>>,
  ) => z.infer<ReturnType<typeof pageOf<Item>>> | null,
): Promise<readonly ListedPage<z.infer<Item>>[]> {
  const schema = pageOf(item);
  return readPages(async (position) => {
    const response = await (position === null ? arm.get(id, query ?? undefined) : arm.follow(position));
    const page = parse(response, schema);
    return { content: { response, value: page?.value ?? [] }, next: page?.nextLink };
  });
}

/**
 * Parses the body of a successful response.
 * @param what operation for the message: `list the storage accounts`
 * @throws an Error with the reason for every other response
 */
export function readBody<Shape extends z.ZodType>(response: ArmResponse, schema: Shape, what: string): z.infer<Shape> {
  if (response.error !== null) throw new Error(`cannot ${what}: ${response.error.reason}`);
  const parsed = schema.safeParse(response.body);
  if (parsed.success) return parsed.data;
  throw new Error(`cannot ${what}: unexpected response: ${describeSchemaError(parsed.error)}`);
}

/**
 * Reads all entries of a list for an observation.
 * @throws an Error with the reason for an error response, an unexpected page, and pages without end
 */
export async function readList<Item extends z.ZodType>(
  arm: Arm,
  list: ArmList<Item>,
): Promise<readonly z.infer<Item>[]> {
  try {
    const pages = await armPages(arm, list, (response, page) => readBody(response, page, list.what));
    return pages.flatMap(({ value }) => value);
  } catch (error) {
    if (!(error instanceof PagingError)) throw error;
    throw new Error(`cannot ${list.what}: ${error.message}`, { cause: error });
  }
}

/** An entry of a list, with the response that contained it. */
export interface ListedItem<Item> {
  readonly item: Item;
  readonly response: ArmResponse;
}

/**
 * Reads all entries of a list; none if the list doesn't exist.
 * @param absence whether a missing list is empty, or an error
 * @throws the errors of parseBody, and ACRT3009 for pages without end
 */
export async function listItems<Item extends z.ZodType>(
  arm: Arm,
  list: ArmList<Item>,
  absence: 'empty' | 'error' = 'error',
): Promise<readonly ListedItem<z.infer<Item>>[]> {
  const parse = absence === 'empty' ? parseOr404 : parseBody;
  try {
    const pages = await armPages(arm, list, (response, page) => parse(arm, response, page, list.what));
    return pages.flatMap(({ response, value }) => value.map((item) => ({ item, response })));
  } catch (cause) {
    if (!(cause instanceof PagingError)) throw cause;
    throw transferError('ACRT3009', { side: arm.side, what: list.what, reason: cause.message }, { cause });
  }
}
